import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'
import * as der from './der.ts'

/** What a TLS server shows, and the authority that vouches for it. */
export interface Certificate {
  /** PEM of the certificate authority: what a client has to trust. */
  readonly ca: string
  /** PEM of the server's own certificate. */
  readonly cert: string
  /** PEM of the server's private key. */
  readonly key: string
}

const day = 86_400_000
const ecdsaWithSha256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'))

/**
 * Makes a certificate authority and, signed by it, a server's certificate for loopback names.
 *
 * The authority is confined to loopback names, so trusting it opens nothing else; its private key is
 * dropped here.
 *
 * @param host the address the server listens on, if it is not one of the usual three.
 */
export function createCertificate(host: string = 'localhost'): Certificate {
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])]
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = distinguishedName(`Mailgun emulator ${randomBytes(4).toString('hex')}`)
  const authorityId = keyId(authority.publicKey)
  const ca = certificate({
    subject: issuer,
    issuer,
    publicKey: authority.publicKey,
    signer: authority.privateKey,
    extensions: [
      extension('2.5.29.19', true, der.sequence(der.boolean(true), der.integer(Buffer.from([0])))),
      // keyCertSign
      extension('2.5.29.15', true, der.bitString(Buffer.from([0x04]), 2)),
      extension('2.5.29.14', false, der.octetString(authorityId)),
      extension('2.5.29.30', true, loopbackOnly()),
    ],
  })
  const cert = certificate({
    subject: distinguishedName('localhost'),
    issuer,
    publicKey: server.publicKey,
    signer: authority.privateKey,
    extensions: [
      extension('2.5.29.19', true, der.sequence()),
      // digitalSignature
      extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 7)),
      // serverAuth
      extension('2.5.29.37', false, der.sequence(der.objectId('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.35', false, der.sequence(der.implicit(0, authorityId))),
      extension('2.5.29.17', false, der.sequence(...names.map(generalName))),
    ],
  })
  const key = server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { ca: pem(ca), cert: pem(cert), key }
}

interface CertificateFields {
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate(fields: CertificateFields): Buffer {
  const now = Date.now()
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    ecdsaWithSha256,
    fields.issuer,
    // A day of grace for a clock that is behind.
    der.sequence(der.utcTime(new Date(now - day)), der.utcTime(new Date(now + 365 * day))),
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

function loopbackOnly(): Buffer {
  const trees = [
    der.implicit(2, Buffer.from('localhost')),
    der.implicit(7, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0])),
    der.implicit(7, Buffer.concat([addressBytes('::1'), Buffer.alloc(16, 0xff)])),
  ]
  return der.sequence(der.tagged(0, ...trees.map((tree) => der.sequence(tree))))
}

/** The only IPv6 address of loopback is ::1. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  return Buffer.concat([Buffer.alloc(15), Buffer.from([1])])
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
