import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'
import * as der from './der.ts'

/** What a TLS server shows. */
export interface CertificateAndKey {
  /** PEM of the certificate. */
  readonly cert: string
  /** PEM of its private key. */
  readonly key: string
}

/** What a client's verification may find fault with. */
export type CertificateFlaw = 'expired' | 'wrong-name' | 'unknown-ca'

/** A certificate to show, and its flawed siblings. */
export interface ServerCertificate extends CertificateAndKey {
  /** Made when first asked for. */
  flawed(flaw: CertificateFlaw): CertificateAndKey
}

/** What a TLS server shows, and the authority that vouches for it. */
export interface Certificate extends ServerCertificate {
  /** PEM of the certificate authority: what a client has to trust. */
  readonly ca: string
}

const day = 86_400_000
const ecdsaWithSha256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'))
const loopbackNames = ['localhost', '127.0.0.1', '::1']
// Within the names that the authority may vouch for, or the client would find that at fault first.
const wrongName = 'somebody-else.localhost'

/**
 * Makes a certificate authority and, signed by it, a server's certificate for loopback names.
 *
 * The authority is confined to the names it is made for, so trusting it opens nothing else; its
 * private key stays in this process.
 *
 * @param hosts addresses the server is reached at, besides the usual three.
 */
export function createCertificate(...hosts: readonly string[]): Certificate {
  const names = [...new Set([...loopbackNames, ...hosts.filter(isReachable)])]
  const authority = new Authority(names)
  const flaws = new Map<CertificateFlaw, CertificateAndKey>()
  return {
    ca: authority.certificate,
    ...authority.issue(names),
    flawed(flaw) {
      const made = flaws.get(flaw) ?? issueFlawed(authority, names, flaw)
      flaws.set(flaw, made)
      return made
    },
  }
}

function issueFlawed(
  authority: Authority,
  names: readonly string[],
  flaw: CertificateFlaw,
): CertificateAndKey {
  if (flaw === 'unknown-ca') return new Authority(names).issue(names)
  if (flaw === 'wrong-name') return authority.issue([wrongName])
  const now = Date.now()
  return authority.issue(names, { from: now - 30 * day, to: now - day })
}

/** No certificate is for "any address". */
function isReachable(host: string): boolean {
  return host !== '0.0.0.0' && host !== '::'
}

interface Validity {
  readonly from: number
  readonly to: number
}

class Authority {
  readonly certificate: string
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #name = distinguishedName(`Mailgun emulator ${randomBytes(4).toString('hex')}`)

  /** @param names all that it may vouch for. */
  constructor(names: readonly string[]) {
    const { publicKey, privateKey } = this.#keys
    this.certificate = pem(
      certificate({
        subject: this.#name,
        issuer: this.#name,
        publicKey,
        signer: privateKey,
        extensions: [
          extension(
            '2.5.29.19',
            true,
            der.sequence(der.boolean(true), der.integer(Buffer.from([0]))),
          ),
          // keyCertSign
          extension('2.5.29.15', true, der.bitString(Buffer.from([0x04]), 2)),
          extension('2.5.29.14', false, der.octetString(keyId(publicKey))),
          extension('2.5.29.30', true, only(names)),
        ],
      }),
    )
  }

  issue(names: readonly string[], validity?: Validity): CertificateAndKey {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = certificate({
      subject: distinguishedName(names[0] ?? 'localhost'),
      issuer: this.#name,
      publicKey,
      signer: this.#keys.privateKey,
      validity,
      extensions: [
        extension('2.5.29.19', true, der.sequence()),
        // digitalSignature
        extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 7)),
        // serverAuth
        extension('2.5.29.37', false, der.sequence(der.objectId('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.35', false, der.sequence(der.implicit(0, keyId(this.#keys.publicKey)))),
        extension('2.5.29.17', false, der.sequence(...names.map(generalName))),
      ],
    })
    return {
      cert: pem(cert),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }
}

interface CertificateFields {
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  /** Default: for a year. */
  readonly validity?: Validity | undefined
  readonly extensions: readonly Buffer[]
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate(fields: CertificateFields): Buffer {
  const now = Date.now()
  // A day of grace for a clock that is behind.
  const { from, to } = fields.validity ?? { from: now - day, to: now + 365 * day }
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    ecdsaWithSha256,
    fields.issuer,
    der.sequence(der.utcTime(new Date(from)), der.utcTime(new Date(to))),
    fields.subject,
    spki(fields.publicKey),
    der.tagged(3, der.sequence(...fields.extensions)),
  )
  const signature = sign('sha256', toBeSigned, fields.signer)
  return der.sequence(toBeSigned, ecdsaWithSha256, der.bitString(signature))
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der.boolean(true)] : []
  return der.sequence(der.objectId(id), ...flag, der.octetString(value))
}

function distinguishedName(commonName: string): Buffer {
  const attribute = der.sequence(der.objectId('2.5.4.3'), der.utf8String(commonName))
  return der.sequence(der.set(attribute))
}

function generalName(name: string): Buffer {
  return isIP(name) ? der.implicit(7, addressBytes(name)) : der.implicit(2, Buffer.from(name))
}

/** Name constraints: all of loopback, and the other names as they are. */
function only(names: readonly string[]): Buffer {
  const others = names.filter((name) => !loopbackNames.includes(name) && !name.startsWith('127.'))
  const trees = [
    der.implicit(2, Buffer.from('localhost')),
    der.implicit(7, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0])),
    ...['::1', ...others].map((name) => {
      if (isIP(name) === 0) return generalName(name)
      const address = addressBytes(name)
      return der.implicit(7, Buffer.concat([address, Buffer.alloc(address.length, 0xff)]))
    }),
  ]
  return der.sequence(der.tagged(0, ...trees.map((tree) => der.sequence(tree))))
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  // The URL parser writes any IPv6 address in groups of hex digits, with at most one gap.
  const groups = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1)
  const [before = '', after] = groups.split('::')
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const head = numbers(before)
  const tail = numbers(after ?? '')
  const gap = Array<number>(8 - head.length - tail.length).fill(0)
  const bytes = Buffer.alloc(16)
  for (const [at, group] of [...head, ...gap, ...tail].entries()) bytes.writeUInt16BE(group, at * 2)
  return bytes
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20)
}

function pem(certificateBytes: Buffer): string {
  const lines = certificateBytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
