import { randomBytes } from 'node:crypto'
import type { Fault } from '../faults/fault.ts'
import type { Transcript } from '../records/transcript.ts'
import type { Connection, ConnectionListener } from './connection.ts'
import { CommandHandler } from './command-handler.ts'
import { IdleWatch } from './idle-watch.ts'
import { bounds } from './limits.ts'
import { LineReader } from './line-reader.ts'
import { MessageIntake } from './message-intake.ts'
import { MessageReader } from './message-reader.ts'
import { replies } from './replies.ts'
import { replyLine } from './reply.ts'
import type { ServerContext } from './server-context.ts'
import { replyLines, ReplyWriter } from './reply-writer.ts'

export type { Delivery, KeptMessage, Security, SessionInfo, SessionPolicy } from './policy.ts'

/** While an answer takes its time, the client may send so much before it has to wait. */
const mostUnheard = 65_536

/** One SMTP connection, from connect to close, fed with chunks of bytes cut anywhere. */
export class Session implements ConnectionListener {
  readonly #connection: Connection
  readonly #server: ServerContext
  readonly #port: 'starttls' | 'implicit'
  readonly #transcript: Transcript
  readonly #replyWriter: ReplyWriter
  readonly #commands: CommandHandler
  readonly #lines = new LineReader(bounds.lineBytes)
  readonly #idle: IdleWatch
  #intake: MessageIntake | undefined
  #handshakeFault: Fault | undefined
  // Those after the first were sent before the answer to the one before.
  #heardTogether = 0

  /** @param number which connection of the server this is, counted from 1. */
  constructor(
    connection: Connection,
    port: 'starttls' | 'implicit',
    server: ServerContext,
    number: number,
  ) {
    const id = randomBytes(8).toString('hex')
    this.#connection = connection
    this.#server = server
    this.#port = port
    this.#transcript = server.records.open(id, port)
    this.#replyWriter = new ReplyWriter(connection, this.#transcript, () => this.#goOn())
    this.#idle = new IdleWatch(server.clock, server.limits.idleMilliseconds, () => this.#beIdle())
    this.#commands = new CommandHandler({
      id,
      number,
      port,
      server,
      replyWriter: this.#replyWriter,
      transcript: this.#transcript,
      tlsVersion: () => connection.tlsVersion(),
      startTls: () => {
        // RFC 3207 section 4.2: nothing said in clear counts inside TLS, pipelined commands least of all.
        this.#lines.clear()
        this.#shakeHands()
      },
      startMessage: () => this.#startMessage(),
    })
  }

  /** The client has connected. */
  start(): void {
    const fault = this.#commands.take('connect')
    if (!fault) return this.#open()
    if ('delay' in fault) {
      this.#connection.hold(true)
      return this.#replyWriter.wait(fault.delay, () => this.#open())
    }
    if (!('reply' in fault)) return this.#replyWriter.break(fault)
    this.#replyWriter.say(replyLines(fault.reply))
    this.#replyWriter.close()
    this.#replyWriter.flush()
  }

  receive(chunk: Buffer): void {
    this.#idle.heard()
    if (this.#handshakeFault) return this.#upset(this.#handshakeFault)
    if (this.#replyWriter.isDone) return
    this.#lines.push(chunk)
    if (!this.#replyWriter.isBusy) {
      this.#heardTogether = 0
      this.#proceed()
      return
    }
    // The answer that is on its way is not to these.
    this.#heardTogether ||= 1
    if (this.#lines.length > mostUnheard) this.#connection.hold(true)
  }

  secured(): void {
    const version = this.#connection.tlsVersion() ?? 'TLS'
    this.#transcript.tls = version
    this.#transcript.write('emulator', `${version} began`)
    if (this.#port === 'implicit') this.#greet()
  }

  closed(reason: string | undefined): void {
    this.#idle.stop()
    this.#replyWriter.stop()
    this.#intake?.reader.forget()
    this.#transcript.write('emulator', `connection closed${reason ? `: ${reason}` : ''}`)
    this.#server.records.close(this.#transcript)
  }

  #open(): void {
    if (this.#port === 'implicit') return this.#shakeHands()
    this.#connection.hold(false)
    this.#greet()
  }

  #greet(): void {
    this.#commands.answer('greeting', replyLine(replies.greeting))
    this.#replyWriter.flush()
  }

  #shakeHands(): void {
    const fault = this.#commands.take('tls')
    this.#replyWriter.flush()
    if (!fault) return this.#connection.startTls()
    if ('certificate' in fault) return this.#connection.startTls(fault.certificate)
    if ('delay' in fault) {
      // The client's first words wait in the socket, for TLS to read.
      this.#connection.hold(true)
      return this.#replyWriter.wait(fault.delay, () => this.#connection.startTls())
    }
    if ('stall' in fault) return this.#replyWriter.break(fault)
    this.#handshakeFault = fault
  }

  /** The client's first word of a handshake is there. */
  #upset(fault: Fault): void {
    this.#handshakeFault = undefined
    if (!('garbage' in fault)) return this.#replyWriter.break(fault)
    this.#replyWriter.garble(fault.garbage)
    this.#replyWriter.close()
    this.#replyWriter.flush()
  }

  #startMessage(): void {
    this.#intake = new MessageIntake(
      new MessageReader(this.#server.limits.messageBytes, this.#server.budget),
      this.#server.faults.watchBody(),
      (at) => this.#commands.moment(at),
    )
  }

  #goOn(): void {
    this.#connection.hold(false)
    this.#proceed()
  }

  #proceed(): void {
    let goesOn = true
    while (goesOn && !this.#replyWriter.isDone && !this.#replyWriter.isBusy) {
      goesOn = this.#intake ? this.#readMessage(this.#intake) : this.#readLine()
    }
    this.#replyWriter.flush()
  }

  /** Returns whether there may be more to read. */
  #readLine(): boolean {
    const line = this.#lines.next()
    if (line === undefined) return false
    const isPipelined = ++this.#heardTogether > 1
    if (typeof line === 'string') {
      this.#commands.takeLine(line, isPipelined)
    } else {
      this.#transcript.write('client', '*** (too long a line)', isPipelined)
      this.#replyWriter.say(replyLine(replies.lineTooLong))
    }
    return true
  }

  #readMessage(intake: MessageIntake): boolean {
    const step = intake.read(this.#lines)
    if ('goesOn' in step) return step.goesOn
    if ('pause' in step) {
      this.#replyWriter.wait(step.pause, () => undefined)
    } else if ('fault' in step) {
      this.#commands.tellOf(step.fault)
      this.#disturb(intake, step.fault)
    } else {
      this.#intake = undefined
      this.#heardTogether++
      this.#transcript.write('emulator', `message of ${intake.reader.length} bytes`)
      this.#commands.takeMessage(step.message)
    }
    return true
  }

  #disturb(intake: MessageIntake, fault: Fault): void {
    if ('reply' in fault) {
      this.#replyWriter.say(replyLines(fault.reply))
      this.#replyWriter.flush()
      intake.reader.forget()
    } else if ('delay' in fault) {
      this.#replyWriter.wait(fault.delay, () => undefined)
    } else if ('slow' in fault) {
      intake.slowDown(fault.slow)
    } else if ('garbage' in fault) {
      this.#replyWriter.garble(fault.garbage)
    } else {
      this.#replyWriter.break(fault)
    }
  }

  #beIdle(): void {
    if (this.#replyWriter.isDone || this.#replyWriter.isBusy) return
    this.#transcript.write('emulator', 'idle for too long')
    this.#commands.answer('idle', replyLine(replies.closing), {
      effect: () => this.#replyWriter.close(),
      regardless: true,
    })
    this.#replyWriter.flush()
  }
}
