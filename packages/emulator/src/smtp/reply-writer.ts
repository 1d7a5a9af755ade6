import type { Fault, FaultReply } from '../faults/fault.ts'
import type { EnteredSubmission } from '../records/ledger.ts'
import type { Transcript } from '../records/transcript.ts'
import type { Connection } from './connection.ts'

/** What hangs on an answer. */
export interface AnswerEffect {
  /** What the command does; it is not done if a fault has the server say the contrary. */
  readonly effect?: (() => void) | undefined
  /** It is done, whatever is said. */
  readonly regardless?: boolean | undefined
  /** What the client knows is kept once it has the answer. */
  readonly acknowledges?: EnteredSubmission | undefined
}

const noise = Buffer.from('\x16\x00\xff\xfe 2x0 \x07\x80\xc3\x28 \x00?\r\n', 'latin1')

/** The server's side of a conversation: what it says, and how a fault bends it. */
export class ReplyWriter {
  readonly #connection: Connection
  readonly #transcript: Transcript
  readonly #goOn: () => void
  #state: 'open' | 'busy' | 'deaf' | 'closed' = 'open'
  // Replies to the commands of one chunk go out in one write.
  #output = ''
  #acknowledging: EnteredSubmission[] = []
  #isEnded = false
  #cancelWait: () => void = () => undefined

  /** @param goOn is called when an answer that took its time is out. */
  constructor(connection: Connection, transcript: Transcript, goOn: () => void) {
    this.#connection = connection
    this.#transcript = transcript
    this.#goOn = goOn
  }

  /** An answer is on its way: what the client says has to wait. */
  get isBusy(): boolean {
    return this.#state === 'busy'
  }

  /** Nothing that the client says is heard any more. */
  get isDone(): boolean {
    return this.#state === 'deaf' || this.#state === 'closed'
  }

  /** Says lines, each with its CRLF; they go out with the next flush. */
  say(lines: string, acknowledges?: EnteredSubmission): void {
    this.#record(lines)
    this.#output += lines
    if (acknowledges) this.#acknowledging.push(acknowledges)
  }

  /** Says what is due, as far as the fault leaves it. */
  answer(due: string, fault: Fault | undefined, hangs: AnswerEffect = {}): void {
    const { effect, acknowledges } = hangs
    if (!fault) {
      this.say(due, acknowledges)
      effect?.()
    } else if ('reply' in fault) {
      const said = replyLines(fault.reply)
      const isLikeDue = said[0] === due[0]
      this.say(said, isLikeDue ? acknowledges : undefined)
      if (isLikeDue || hangs.regardless) effect?.()
    } else if ('delay' in fault) {
      this.wait(fault.delay, () => this.answer(due, undefined, hangs))
    } else if ('garbage' in fault) {
      this.garble(fault.garbage)
      effect?.()
    } else if ('split' in fault || 'slow' in fault) {
      this.#trickle(due, 'slow' in fault ? fault.slow : undefined, hangs)
    } else {
      this.break(fault)
    }
  }

  /** Does what ends a conversation: silence, a reset, an end. */
  break(fault: Fault): void {
    this.flush()
    if ('stall' in fault) {
      this.#state = 'deaf'
    } else if ('drop' in fault) {
      this.stop()
      this.#connection.drop()
    } else {
      this.close()
      this.flush()
    }
  }

  garble(garbage: true | string | Uint8Array): void {
    this.flush()
    const bytes = garbage === true ? noise : Buffer.from(garbage)
    this.#transcript.write('emulator', `${bytes.length} bytes of garbage`)
    this.#connection.write(bytes)
  }

  /** Lets real time pass, in which the client is not listened to. */
  wait(milliseconds: number, then: () => void): void {
    this.flush()
    this.#state = 'busy'
    const timer = setTimeout(() => this.#resume(then), milliseconds)
    this.#cancelWait = () => clearTimeout(timer)
  }

  /** Ends the connection with the next flush. */
  close(): void {
    this.#state = 'closed'
  }

  flush(): void {
    if (this.#output !== '') {
      const entered = this.#acknowledging
      this.#acknowledge(entered, this.#connection.write(this.#output, unacknowledge(entered)))
      this.#output = ''
      this.#acknowledging = []
    }
    if (this.#state !== 'closed' || this.#isEnded) return
    this.#isEnded = true
    this.#connection.end()
  }

  /** The connection is gone. */
  stop(): void {
    this.#state = 'closed'
    this.#isEnded = true
    this.#cancelWait()
  }

  #trickle(due: string, bytesPerSecond: number | undefined, hangs: AnswerEffect): void {
    this.flush()
    this.#state = 'busy'
    this.#record(due)
    const bytes = Buffer.from(due)
    const [size, pause] = pace(bytesPerSecond)
    const entered = hangs.acknowledges ? [hangs.acknowledges] : []
    let at = 0
    const sendNext = (): void => {
      const piece = bytes.subarray(at, at + size)
      at += size
      const isThere = this.#connection.write(piece, unacknowledge(entered))
      if (at < bytes.length) {
        this.#cancelWait = after(pause, sendNext)
        return
      }
      this.#acknowledge(entered, isThere)
      this.#resume(() => hangs.effect?.())
    }
    this.#cancelWait = after(pause, sendNext)
  }

  #resume(then: () => void): void {
    this.#state = 'open'
    then()
    this.#goOn()
  }

  #acknowledge(entered: readonly EnteredSubmission[], isThere: boolean): void {
    for (const submission of entered) submission.acknowledged = isThere
  }

  #record(lines: string): void {
    // Most replies are of one line: the transcript then keeps the string as it is.
    if (lines.indexOf('\n') === lines.length - 1) return this.#transcript.write('server', lines)
    for (const line of lines.slice(0, -2).split('\r\n')) this.#transcript.write('server', line)
  }
}

/** A reply, of several lines if it has several strings. */
export function replyLines([code, text]: FaultReply): string {
  const texts = typeof text === 'string' ? [text] : text
  return texts.map((line, at) => `${code}${at < texts.length - 1 ? '-' : ' '}${line}\r\n`).join('')
}

/** How many bytes at once, and the milliseconds before each; undefined for the next turn. */
function pace(bytesPerSecond: number | undefined): readonly [number, number | undefined] {
  if (bytesPerSecond === undefined) return [1, undefined]
  const size = Math.max(1, Math.round(bytesPerSecond / 20))
  return [size, (size * 1_000) / bytesPerSecond]
}

function after(milliseconds: number | undefined, run: () => void): () => void {
  if (milliseconds === undefined) {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}

function unacknowledge(entered: readonly EnteredSubmission[]): (() => void) | undefined {
  if (entered.length === 0) return undefined
  return () => {
    for (const submission of entered) submission.acknowledged = false
  }
}
