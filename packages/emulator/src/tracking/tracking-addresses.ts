import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { domainToASCII } from 'node:url'

/** What follows a tracking address's host, as in delivered mail: `/c/<token>` of a link, `/o/<token>` of the pixel. */
export type TrackedKind = 'c' | 'o'

/** What a tracking address means. */
export interface Tracked {
  readonly copyId: string
  /** The place of the link among the copy's tracked links, from 0; 0 for the pixel. */
  readonly link: number
}

const nameBytes = 20
const proofBytes = 16

/**
 * Makes and reads the addresses of tracked links and pixels. A token names its copy and its link, and proves by a key
 * of this process that it was made here; so none can be guessed, and none has to be remembered.
 */
export class TrackingAddresses {
  readonly #key = randomBytes(32)
  readonly #httpUrl: () => string | undefined

  /** @param httpUrl of the server that answers them, if there is one. */
  constructor(httpUrl: () => string | undefined) {
    this.#httpUrl = httpUrl
  }

  /** Without a server of the emulator's own it has Mailgun's form, `http://email.<domain>`, which has no server here. */
  make(kind: TrackedKind, domain: string, { copyId, link }: Tracked): string {
    const [id = '', copy] = copyId.split('-')
    const name = Buffer.alloc(nameBytes)
    name.write(id, 'hex')
    name.writeUInt32BE(Number(copy), nameBytes - 8)
    name.writeUInt32BE(link, nameBytes - 4)
    const origin = this.#httpUrl() ?? `http://email.${hostName(domain)}`
    return `${origin}/${kind}/${this.#token(kind, name)}`
  }

  /** Undefined for a token that was not made here. */
  read(kind: TrackedKind, token: string): Tracked | undefined {
    if (token.length !== ((nameBytes + proofBytes) * 4) / 3) return undefined
    const name = Buffer.from(token, 'base64url').subarray(0, nameBytes)
    if (name.length !== nameBytes) return undefined
    const [given, own] = [Buffer.from(token), Buffer.from(this.#token(kind, name))]
    if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined
    const id = name.toString('hex', 0, nameBytes - 8)
    const copy = name.readUInt32BE(nameBytes - 8)
    return { copyId: `${id}-${copy}`, link: name.readUInt32BE(nameBytes - 4) }
  }

  #token(kind: TrackedKind, name: Buffer): string {
    const proof = createHmac('sha256', this.#key).update(kind).update(name).digest()
    return Buffer.concat([name, proof.subarray(0, proofBytes)]).toString('base64url')
  }
}

/** Of the name of a domain that a client made up may not be safe inside HTML. */
function hostName(domain: string): string {
  const ascii = domainToASCII(domain)
  return /^[a-z\d.-]+$/.test(ascii) ? ascii : 'localhost'
}
