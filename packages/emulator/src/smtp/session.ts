import { randomBytes } from 'node:crypto'
import { mechanisms, type AuthenticationExchange, type Login } from './authentication.ts'
import { parseCommand, parsePath, type Path } from './command.ts'
import { ehloReply, heloReply, sizeLimit } from './hello.ts'
import { MessageReader, type ReadMessage } from './message-reader.ts'
import { replies } from './replies.ts'
import { replyLine, type Reply } from './reply.ts'

/** How a session's bytes travel: in clear, in TLS after STARTTLS, or in TLS from the first byte. */
export type Security = 'none' | 'starttls' | 'implicit'

/** What a session writes to. */
export interface Connection {
  write(text: string): void
  /** Turns to TLS after what was written. What the client sent in clear before is gone. */
  startTls(): void
  /** Ends the connection after what was written. */
  end(): void
  /** `TLSv1.3` and so on; undefined in clear. */
  tlsVersion(): string | undefined
}

/** A message that was accepted, and how it came. */
export interface Delivery {
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly raw: Buffer
  readonly session: SessionInfo
}

/** The conversation in which a message came. */
export interface SessionInfo {
  readonly id: string
  readonly secure: Security
  /** The TLS version, such as `TLSv1.3`. */
  readonly tls?: string | undefined
  /** The login. */
  readonly user?: string | undefined
}

/** What a session asks of the server it belongs to. */
export interface SessionPolicy {
  /** The name in the first line that answers EHLO: 12 hex digits, as Mailgun's. */
  readonly serverId: string
  isLogin(login: Login): boolean
  accept(delivery: Delivery): void
}

const limits = {
  /** RFC 4954 asks for 12,288 bytes in an AUTH exchange; other commands are far shorter. */
  lineBytes: 16_384,
  recipients: 1_000,
  /** Enough to try things by hand; a client that never logs in has no business beyond it. */
  commandsBeforeLogin: 100,
}

/** One SMTP conversation, fed with chunks of bytes cut anywhere. */
export class Session {
  readonly #id = randomBytes(8).toString('hex')
  readonly #connection: Connection
  readonly #policy: SessionPolicy
  #secure: Security
  #greeted = false
  #user: string | undefined
  #commandsBeforeLogin = 0
  #exchange: AuthenticationExchange | undefined
  #from: string | undefined
  #to: string[] = []
  #reader: MessageReader | undefined
  #unread: Buffer = Buffer.alloc(0)
  #lineIsTooLong = false
  #closed = false
  // Replies to the commands of one chunk go out in one write.
  #output = ''

  constructor(connection: Connection, policy: SessionPolicy, secure: 'none' | 'implicit') {
    this.#connection = connection
    this.#policy = policy
    this.#secure = secure
    this.#reply(replies.greeting)
    this.#flush()
  }

  /** Takes what the client sent. */
  receive(chunk: Buffer): void {
    if (this.#closed) return
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
    let goesOn = true
    while (goesOn && !this.#closed) {
      goesOn = this.#reader ? this.#readMessage(this.#reader) : this.#readLine()
    }
    this.#flush()
  }

  /** Tells the client that the server hangs up, and does. */
  hangUp(): void {
    if (this.#closed) return
    this.#close(replies.closing)
    this.#flush()
  }

  /** Returns whether there may be more to read. */
  #readLine(): boolean {
    const at = this.#unread.indexOf(0x0a)
    if (at === -1) {
      if (this.#unread.length > limits.lineBytes) {
        this.#lineIsTooLong = true
        this.#unread = Buffer.alloc(0)
      }
      return false
    }
    const line = this.#unread.subarray(0, at)
    this.#unread = this.#unread.subarray(at + 1)
    const isTooLong = this.#lineIsTooLong || line.length > limits.lineBytes
    this.#lineIsTooLong = false
    if (isTooLong) this.#reply(replies.lineTooLong)
    // A bare LF ends a command too: Mailgun was seen to take it. It never ends a message.
    else this.#takeLine(line.toString().replace(/\r$/, ''))
    return true
  }

  #takeLine(line: string): void {
    if (this.#user === undefined && ++this.#commandsBeforeLogin > limits.commandsBeforeLogin) {
      return this.#close(replies.closing)
    }
    if (this.#exchange) return this.#authenticate(this.#exchange, line)
    const { verb, argument } = parseCommand(line)
    switch (verb) {
      case 'EHLO':
        return this.#hello(ehloReply(this.#policy.serverId, this.#secure !== 'none'))
      case 'HELO':
        return this.#hello(heloReply(this.#policy.serverId))
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
        return this.#reply(replies.reset)
      case 'NOOP':
        return this.#reply(replies.nothingDone)
      case 'VRFY':
        return this.#reply(replies.cannotVerify)
      case 'HELP':
        return this.#reply(replies.help)
      case 'QUIT':
        return this.#close(replies.goodbye)
      default:
        return this.#reply(replies.unrecognized)
    }
  }

  #hello(answer: string): void {
    this.#greeted = true
    this.#clearTransaction()
    this.#output += answer
  }

  #startTls(argument: string): void {
    if (argument !== '') return this.#reply(replies.tlsTakesNoArgument)
    if (this.#secure !== 'none') return this.#reply(replies.tlsAlready)
    this.#reply(replies.goAhead)
    this.#flush()
    // RFC 3207 section 4.2: nothing said in clear counts inside TLS, pipelined commands least of all.
    this.#unread = Buffer.alloc(0)
    this.#secure = 'starttls'
    this.#greeted = false
    this.#user = undefined
    this.#clearTransaction()
    this.#connection.startTls()
  }

  #startAuthentication(argument: string): void {
    if (this.#user !== undefined || this.#from !== undefined) {
      return this.#reply(replies.authenticatedAlready)
    }
    const [name = '', initialResponse] = argument.split(/[ \t]+/)
    const mechanism = mechanisms.get(name.toUpperCase())
    if (!mechanism) return this.#reply(replies.unknownMechanism)
    this.#exchange = mechanism()
    this.#authenticate(this.#exchange, initialResponse)
  }

  #authenticate(exchange: AuthenticationExchange, response: string | undefined): void {
    const step = exchange.next(response)
    if ('ask' in step) return this.#reply(step.ask)
    this.#exchange = undefined
    if ('refuse' in step) {
      if (step.refuse === 'cancelled') return this.#reply(replies.authenticationCancelled)
      this.#reply(replies.responseEncoding)
      return this.#close(replies.authenticationFailed)
    }
    if (!this.#policy.isLogin(step.login)) return this.#close(replies.authenticationFailed)
    this.#user = step.login.user
    this.#reply(replies.authenticated)
  }

  #mail(argument: string): void {
    if (!this.#greeted) return this.#reply(replies.helloExpected)
    if (this.#from !== undefined) return this.#reply(replies.senderGivenAlready)
    const path = parsePath('FROM', argument)
    if (!path) return this.#reply(replies.senderUnreadable)
    if (!hasOnly(path, ['SIZE', 'BODY', 'SMTPUTF8', 'AUTH'])) {
      return this.#reply(replies.parameterUnknown)
    }
    if (Number(path.parameters.get('SIZE')) > sizeLimit) {
      return this.#reply(replies.sizeDeclaredTooLarge)
    }
    this.#from = path.address
    this.#reply(replies.senderAccepted)
  }

  #rcpt(argument: string): void {
    if (this.#from === undefined) return this.#reply(replies.senderExpected)
    const path = parsePath('TO', argument)
    if (!path) return this.#reply(replies.recipientUnreadable)
    if (this.#user === undefined) return this.#reply(replies.relayingDenied)
    if (!hasOnly(path, [])) return this.#reply(replies.parameterUnknown)
    if (this.#to.length >= limits.recipients) return this.#reply(replies.tooManyRecipients)
    this.#to.push(path.address)
    this.#reply(replies.recipientAccepted)
  }

  #data(): void {
    // A client that pipelines sends DATA before it knows that every recipient was refused.
    if (this.#to.length === 0) return this.#reply(replies.recipientExpected)
    this.#reader = new MessageReader(sizeLimit)
    this.#reply(replies.continue)
  }

  /** Returns whether the message ended, so that commands may follow. */
  #readMessage(reader: MessageReader): boolean {
    const end = reader.push(this.#unread)
    this.#unread = end ? this.#unread.subarray(end.consumed) : Buffer.alloc(0)
    if (!end) return false
    this.#reader = undefined
    this.#takeMessage(end.message)
    this.#clearTransaction()
    return true
  }

  #takeMessage(message: ReadMessage): void {
    if ('tooLarge' in message) return this.#reply(replies.messageTooLarge)
    this.#policy.accept({
      envelope: { from: this.#from ?? '', to: this.#to },
      raw: message.raw,
      session: {
        id: this.#id,
        secure: this.#secure,
        tls: this.#connection.tlsVersion(),
        user: this.#user,
      },
    })
    this.#reply(replies.accepted)
  }

  #clearTransaction(): void {
    this.#from = undefined
    this.#to = []
  }

  #reply(reply: Reply): void {
    this.#output += replyLine(reply)
  }

  #close(reply: Reply): void {
    this.#reply(reply)
    this.#closed = true
  }

  #flush(): void {
    if (this.#output !== '') this.#connection.write(this.#output)
    this.#output = ''
    if (this.#closed) this.#connection.end()
  }
}

function hasOnly(path: Path, keywords: readonly string[]): boolean {
  return [...path.parameters.keys()].every((keyword) => keywords.includes(keyword))
}
