/** How a message leaves: a column of the sweep. */
export interface Way {
  /** Connections are kept, or there is one for each message. */
  readonly pool: boolean
  /** The server offers PIPELINING (RFC 2920). */
  readonly pipelining: boolean
  /** TLS from the first byte, or by STARTTLS. */
  readonly port: 'starttls' | 'implicit'
}

/** The way in words, to name a cell. */
export function nameOf({ pool, pipelining, port }: Way): string {
  return [pool ? 'pool' : 'single', pipelining ? 'pipelined' : 'one by one', port].join(', ')
}

const both = [false, true] as const

/** Every way over one kind of port. */
export function waysOver(port: Way['port']): Way[] {
  return both.flatMap((pool) => both.map((pipelining) => ({ pool, pipelining, port })))
}
