/** One line of a conversation. */
export interface TranscriptLine {
  /** Milliseconds since the session opened, by the machine's clock, to a tenth. */
  readonly at: number
  /** `emulator` tells what happened besides: TLS began, a body of so many bytes, a fault struck. */
  readonly from: 'client' | 'server' | 'emulator'
  readonly text: string
  /** The client sent it before it had the answer to the line before. */
  readonly pipelined?: true
}

/** A conversation, with passwords masked and without the bodies of messages. */
export interface SessionRecord {
  readonly id: string
  readonly port: 'starttls' | 'implicit'
  readonly openedAt: Date
  readonly closedAt?: Date | undefined
  readonly user?: string | undefined
  /** The TLS version. */
  readonly tls?: string | undefined
  /** The first lines and the newest; `omitted` counts those between. */
  readonly lines: readonly TranscriptLine[]
  readonly omitted: number
}

const mostOfText = 500
const controls = /\p{Cc}/u

/** A record while it is written. Its lines are put together when they are read: most never are. */
export class Transcript implements SessionRecord {
  readonly id: string
  readonly port: SessionRecord['port']
  readonly openedAt: Date
  closedAt?: Date
  user?: string
  tls?: string
  readonly #openedAt = performance.now()
  readonly #most: number
  readonly #counted: (lines: number) => void
  readonly #lines: TranscriptLine[] = []
  #omitted = 0

  /** @param counted hears by how many lines the transcript grew or shrank. */
  constructor(
    start: Pick<SessionRecord, 'id' | 'port' | 'openedAt'>,
    most: number,
    counted: (lines: number) => void,
  ) {
    this.id = start.id
    this.port = start.port
    this.openedAt = start.openedAt
    this.#most = most
    this.#counted = counted
  }

  get lines(): readonly TranscriptLine[] {
    return this.#lines.map(({ at, text, ...line }) => ({
      at: Math.round(at * 10) / 10,
      ...line,
      text: printable(text),
    }))
  }

  get omitted(): number {
    return this.#omitted
  }

  /** A CRLF at the end is not shown. */
  write(from: TranscriptLine['from'], text: string, pipelined = false): void {
    this.#lines.push({
      at: performance.now() - this.#openedAt,
      from,
      text: text.length <= mostOfText ? text : `${text.slice(0, mostOfText)}…`,
      ...(pipelined && { pipelined }),
    })
    this.#counted(1)
    if (this.#lines.length > this.#most) this.#omit()
  }

  toJSON(): SessionRecord {
    const { id, port, openedAt, closedAt, user, tls, lines, omitted } = this
    return { id, port, openedAt, closedAt, user, tls, lines, omitted }
  }

  /** Keeps how the session began, and what came last; a quarter goes at once, for speed. */
  #omit(): void {
    const quarter = Math.max(1, Math.floor(this.#most / 4))
    this.#lines.splice(quarter, quarter)
    this.#omitted += quarter
    this.#counted(-quarter)
  }
}

function printable(said: string): string {
  const text = said.endsWith('\r\n') ? said.slice(0, -2) : said
  if (!controls.test(text)) return text
  // A terminal that shows the line must not obey it.
  return Array.from(text, (character) =>
    controls.test(character)
      ? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
      : character,
  ).join('')
}
