import type { Fault, FaultMoment, Stage } from '../faults/fault.ts'
import type { FaultPoint } from '../faults/plan.ts'
import { describeFault } from '../faults/read-fault.ts'
import type { Transcript } from '../records/transcript.ts'
import { mechanisms, type AuthenticationExchange, type Login } from './authentication.ts'
import { parseCommand, parsePath, type Path } from './command.ts'
import { ehloReply, heloReply } from './hello.ts'
import { bounds } from './limits.ts'
import { endMessage } from './message-end.ts'
import type { ReadMessage } from './message-reader.ts'
import type { Security, SessionInfo } from './policy.ts'
import { replies } from './replies.ts'
import { replyLine, type Reply } from './reply.ts'
import type { ServerContext } from './server-context.ts'
import { shownLine } from './shown-line.ts'
import type { AnswerEffect, ReplyWriter } from './reply-writer.ts'

/** What a dialogue is held through. */
export interface CommandHandlerParts {
  readonly id: string
  readonly number: number
  readonly port: 'starttls' | 'implicit'
  readonly server: ServerContext
  readonly replyWriter: ReplyWriter
  readonly transcript: Transcript
  readonly tlsVersion: () => string | undefined
  /** What was said is out; the client turns to TLS. */
  readonly startTls: () => void
  /** What the client sends next is a message. */
  readonly startMessage: () => void
}

/** What the client has just given, before it is decided on. */
interface Given {
  readonly user?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** An unencrypted reply by which an attacker would have the client believe that it came in TLS. */
const injected = '250 injected\r\n'

/** The beginning of a request by HTTP, in which a browser would send commands as a form's lines. */
const httpMethods: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE'.split(' '),
)

/** The commands of a session, in their order. */
export class CommandHandler {
  readonly #parts: CommandHandlerParts
  #secure: Security
  #greeted = false
  #user: string | undefined
  #commandsBeforeLogin = 0
  #messages = 0
  #exchange: AuthenticationExchange | undefined
  #from: string | undefined
  #to: string[] = []
  #hidesStartTls = false
  // One for all messages that come in the same way by the same login.
  #info: SessionInfo | undefined

  constructor(parts: CommandHandlerParts) {
    this.#parts = parts
    this.#secure = parts.port === 'implicit' ? 'implicit' : 'none'
  }

  /** The fault that strikes here, which is then in the transcript. */
  take(point: FaultPoint, given?: Given): Fault | undefined {
    if (this.#parts.server.faults.isEmpty) return undefined
    const fault = this.#parts.server.faults.take(point, (at) => this.moment(at, given))
    if (fault) this.tellOf(fault)
    return fault
  }

  tellOf(fault: Fault): void {
    this.#parts.transcript.write('emulator', describeFault(fault))
  }

  moment(at: Stage, given: Given = {}): FaultMoment {
    const { id, number, port } = this.#parts
    const { user = this.#user, from = this.#from, to } = given
    return {
      at,
      session: { id, number, port, user, messages: this.#messages },
      from,
      to: to === undefined ? [...this.#to] : [...this.#to, to],
    }
  }

  answer(stage: Stage, due: string, hangs?: AnswerEffect, given?: Given): void {
    this.#parts.replyWriter.answer(due, this.take(stage, given), hangs)
  }

  takeLine(line: string, isPipelined: boolean): void {
    const command = parseCommand(line)
    const shown = this.#exchange ? '***' : shownLine(line, command)
    this.#parts.transcript.write('client', shown, isPipelined)
    const { needsLogin } = this.#parts.server.policy
    if (needsLogin && this.#user === undefined) {
      if (++this.#commandsBeforeLogin > bounds.commandsBeforeLogin) return this.#hangUp()
    }
    if (this.#exchange) return this.#authenticate(this.#exchange, line)
    const { verb, argument } = command
    switch (verb) {
      case 'EHLO':
        return this.#ehlo()
      case 'HELO':
        return this.#hello(heloReply(this.#parts.server.policy.serverId))
      case 'STARTTLS':
        return this.#startTls(argument)
      case 'AUTH':
        return this.#startAuthentication(argument)
      case 'MAIL':
        return this.#mail(argument)
      case 'RCPT':
        return this.#rcpt(argument)
      case 'DATA':
        return this.#data()
      case 'RSET':
        this.#clearTransaction()
        return this.#say(replies.reset)
      case 'NOOP':
        return this.#say(replies.nothingDone)
      case 'VRFY':
        return this.#say(replies.cannotVerify)
      case 'HELP':
        return this.#say(replies.help)
      case 'QUIT':
        return this.answer('quit', replyLine(replies.goodbye), {
          effect: () => this.#parts.replyWriter.close(),
        })
      default:
        return httpMethods.has(verb)
          ? this.#hangUp(replies.httpSpoken)
          : this.#say(replies.unrecognized)
    }
  }

  /** The dot came. */
  takeMessage(message: ReadMessage): void {
    const envelope = { from: this.#from ?? '', to: this.#to }
    const isAnswered = 'unkept' in message && message.unkept === 'unwanted'
    const fault = isAnswered ? undefined : this.take('final')
    this.#messages++
    this.#clearTransaction()
    endMessage(this.#parts, { message, envelope, session: this.#session, fault })
  }

  #ehlo(): void {
    const { server } = this.#parts
    const isClear = this.#secure === 'none'
    this.#hidesStartTls = isClear && this.take('offer') !== undefined
    this.#hello(
      ehloReply(server.policy.serverId, {
        messageBytes: server.limits.messageBytes,
        startTls: isClear && !this.#hidesStartTls,
      }),
    )
  }

  #hello(answer: string): void {
    this.answer('ehlo', answer, {
      effect: () => {
        this.#greeted = true
        this.#clearTransaction()
      },
    })
  }

  #startTls(argument: string): void {
    if (this.#secure !== 'none') return this.#say(replies.tlsAlready)
    if (this.#hidesStartTls) return this.#say(replies.unrecognized)
    if (argument !== '') return this.answer('starttls', replyLine(replies.tlsTakesNoArgument))
    const { replyWriter, startTls } = this.#parts
    if (this.take('refusal')) return this.#say(replies.tlsUnavailable)
    const isInjected = this.take('injection') !== undefined
    this.answer('starttls', replyLine(replies.goAhead) + (isInjected ? injected : ''), {
      effect: () => {
        replyWriter.flush()
        this.#secure = 'starttls'
        this.#greeted = false
        this.#setUser(undefined)
        this.#clearTransaction()
        startTls()
      },
    })
  }

  #startAuthentication(argument: string): void {
    if (this.#user !== undefined || this.#from !== undefined) {
      return this.#say(replies.authenticatedAlready)
    }
    const [name = '', initialResponse] = argument.split(/[ \t]+/)
    const mechanism = mechanisms.get(name.toUpperCase())
    if (!mechanism) return this.#say(replies.unknownMechanism)
    this.#exchange = mechanism()
    this.#authenticate(this.#exchange, initialResponse)
  }

  #authenticate(exchange: AuthenticationExchange, response: string | undefined): void {
    const step = exchange.next(response)
    if ('ask' in step) return this.#say(step.ask)
    this.#exchange = undefined
    if ('login' in step) return this.#logIn(step.login)
    if (step.refuse === 'cancelled') return this.#say(replies.authenticationCancelled)
    this.#say(replies.responseEncoding)
    this.#hangUp(replies.authenticationFailed)
  }

  #logIn(login: Login): void {
    const { server, replyWriter } = this.#parts
    const refusal = server.policy.login(login, this.#session)
    const effect = (): void => (refusal ? replyWriter.close() : this.#setUser(login.user))
    const due = replyLine(refusal ?? replies.authenticated)
    this.answer('auth', due, { effect }, { user: login.user })
  }

  #mail(argument: string): void {
    const path = parsePath('FROM', argument)
    const refusal = this.#refuseSender(path)
    const effect = refusal ? undefined : () => void (this.#from = path?.address)
    const due = replyLine(refusal ?? replies.senderAccepted)
    this.answer('mail', due, { effect }, { from: path?.address })
  }

  #refuseSender(path: Path | undefined): Reply | undefined {
    const { policy, limits } = this.#parts.server
    if (!this.#greeted) return replies.helloExpected
    if (this.#from !== undefined) return replies.senderGivenAlready
    if (!path) return replies.senderUnreadable
    if (!hasOnly(path, ['SIZE', 'BODY', 'SMTPUTF8', 'AUTH'])) return replies.parameterUnknown
    const isTooLarge = Number(path.parameters.get('SIZE')) > limits.messageBytes
    return isTooLarge ? replies.sizeDeclaredTooLarge : policy.sender(path.address, this.#session)
  }

  #rcpt(argument: string): void {
    const path = parsePath('TO', argument)
    const refusal = this.#refuseRecipient(path)
    const effect = refusal || !path ? undefined : () => void this.#to.push(path.address)
    const due = replyLine(refusal ?? replies.recipientAccepted)
    this.answer('rcpt', due, { effect }, { to: path?.address })
  }

  #refuseRecipient(path: Path | undefined): Reply | undefined {
    const { policy, limits } = this.#parts.server
    if (this.#from === undefined) return replies.senderExpected
    if (!path) return replies.recipientUnreadable
    if (policy.needsLogin && this.#user === undefined) return replies.relayingDenied
    if (!hasOnly(path, [])) return replies.parameterUnknown
    if (this.#to.length >= limits.recipients) return replies.tooManyRecipients
    return policy.recipient(path.address, this.#session)
  }

  #data(): void {
    const { server, startMessage } = this.#parts
    // A client that pipelines sends DATA before it knows that every recipient was refused.
    if (this.#to.length === 0) return this.answer('data', replyLine(replies.recipientExpected))
    const envelope = { from: this.#from ?? '', to: this.#to }
    const refusal = server.policy.data(envelope, this.#session)
    const effect = refusal ? () => this.#clearTransaction() : startMessage
    this.answer('data', replyLine(refusal ?? replies.continue), { effect })
  }

  get #session(): SessionInfo {
    const { id, tlsVersion } = this.#parts
    this.#info ??= { id, secure: this.#secure, tls: tlsVersion(), user: this.#user }
    return this.#info
  }

  #setUser(user: string | undefined): void {
    this.#user = user
    this.#info = undefined
    if (user === undefined) delete this.#parts.transcript.user
    else this.#parts.transcript.user = user
  }

  #clearTransaction(): void {
    this.#from = undefined
    this.#to = []
  }

  #say(reply: Reply): void {
    this.#parts.replyWriter.say(replyLine(reply))
  }

  #hangUp(reply: Reply = replies.closing): void {
    this.#say(reply)
    this.#parts.replyWriter.close()
  }
}

function hasOnly(path: Path, keywords: readonly string[]): boolean {
  return [...path.parameters.keys()].every((keyword) => keywords.includes(keyword))
}
