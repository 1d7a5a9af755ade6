import type { ServerReply } from './transaction-record.ts'

/** A way to log in that this client knows, in the order it prefers them. */
export const mechanisms = ['PLAIN', 'LOGIN'] as const

/** One of {@link mechanisms}. */
export type Mechanism = (typeof mechanisms)[number]

/** What a server offers, by its reply to EHLO (RFC 5321 §4.1.1.1). */
export class Capabilities {
  readonly #keywords = new Map<string, readonly string[]>()

  constructor(reply?: ServerReply) {
    // The first line is the server's name.
    for (const line of reply?.lines.slice(1) ?? []) {
      // Older servers write AUTH=PLAIN.
      const [keyword = '', ...parameters] = line.toUpperCase().split(/[ \t=]+/)
      this.#keywords.set(keyword, [...(this.#keywords.get(keyword) ?? []), ...parameters])
    }
  }

  /** Whether it offers an extension, named as in EHLO's reply. */
  has(keyword: string): boolean {
    return this.#keywords.has(keyword)
  }

  /** The largest message it takes, in bytes (RFC 1870 §3); nothing if it does not say. */
  get size(): number | undefined {
    const size = Number(this.#keywords.get('SIZE')?.[0])
    return size > 0 ? size : undefined
  }

  /** The way to log in. */
  get mechanism(): Mechanism | undefined {
    const offered = this.#keywords.get('AUTH') ?? []
    return mechanisms.find((mechanism) => offered.includes(mechanism))
  }
}
