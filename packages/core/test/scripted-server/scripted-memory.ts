/** What a scripted server was told. */
export class Memory {
  /** Each line a client sent outside a body, of every session in the order they came; `.` for the end of a body. */
  readonly lines: string[] = []
  /** Each body whose final dot came, without the dot; each byte is one character. */
  readonly bodies: string[] = []
  /** What came of bodies whose final dot never did. */
  readonly unfinished: string[] = []
  sessions = 0
  /** Of each handshake, whether it resumed a TLS session. */
  readonly resumed: boolean[] = []
  readonly #times = new Map<string, number>()
  readonly #waiting = new Set<() => void>()

  /** How often a moment of the session has come. */
  count(moment: string): number {
    const time = (this.#times.get(moment) ?? 0) + 1
    this.#times.set(moment, time)
    return time
  }

  hear(line: string): void {
    this.lines.push(line)
    for (const look of this.#waiting) look()
  }

  /** Resolves when a line has come that matches. */
  heard(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.lines.some((line) => pattern.test(line))) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** The commands of one kind, such as `RCPT`. */
  commands(verb: string): string[] {
    return this.lines.filter((line) => line.toUpperCase().startsWith(verb))
  }
}
