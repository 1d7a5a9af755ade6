import { isIP, type Socket } from 'node:net'
import {
  connect,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import type { Halt } from './halt.ts'
import { codeIn, SessionError } from './session-error.ts'

/** What a handshake takes besides the place to connect to. */
type Place = Pick<ConnectionOptions, 'host' | 'port'> & object

/**
 * Encrypts connections to one server. It reads the certificates once, and resumes the last session of a server that it
 * has verified (RFC 8446 §2.2), which saves both sides the most of a handshake.
 */
export class TlsClient {
  readonly #options: ConnectionOptions
  #context: SecureContext | undefined
  #session: Buffer | undefined

  constructor(host: string, options: ConnectionOptions) {
    this.#options = { ...(isIP(host) ? {} : { servername: host }), ...options }
  }

  /** Opens a connection that begins with TLS, or begins TLS on one that is open. */
  connect(place: Place | { readonly socket: Socket }): TLSSocket {
    const options = this.#options
    this.#context ??= options.secureContext ?? createSecureContext(options)
    const socket = connect({
      ...options,
      ...place,
      secureContext: this.#context,
      ...(this.#session && { session: this.#session }),
    })
    const keep = (session: Buffer | undefined): void => {
      // What a server hands over before it is verified is not kept.
      if (socket.authorized || options.rejectUnauthorized === false) this.#session = session
    }
    socket
      .on('session', keep)
      // TLS 1.2 hands it over during the handshake.
      .once('secureConnect', () => socket.getProtocol() === 'TLSv1.2' && keep(socket.getSession()))
      .on('error', () => (this.#session = undefined))
    return socket
  }
}

/**
 * Waits until a connection that was open before is encrypted.
 *
 * @throws {SessionError} if the handshake fails, is lost or is stopped.
 */
export function encrypted(socket: TLSSocket, halt: Halt): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: SessionError): void => {
      forget()
      socket.off('error', fail).off('close', lose).off('secureConnect', settleOpen)
      if (error === undefined) return resolve()
      socket.on('error', () => undefined).destroy()
      reject(error)
    }
    const settleOpen = (): void => settle()
    const fail = (error: Error): void => settle(tlsFailure(error, 'tls-lost'))
    const lose = (): void => settle(new SessionError('tls-lost'))
    socket.on('error', fail).on('close', lose).on('secureConnect', settleOpen)
    const forget = halt.onStop(settle)
  })
}

/** What a certificate is refused with: OpenSSL's codes of its verification, and Node's for a name that does not match. */
const unverified = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH|ALTNAME/

/** What ended a handshake. One that was lost says nothing of TLS: it is left to the caller to name. */
export function tlsFailure(error: unknown, lost: 'lost' | 'tls-lost'): SessionError {
  const code = codeIn(error)
  const details = { code, cause: error }
  if (code === undefined || /^E[A-Z]+$/.test(code)) return new SessionError(lost, details)
  if (unverified.test(code)) return new SessionError('tls-unverified', details)
  // OpenSSL says so of a server that speaks in clear.
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code)) {
    return new SessionError('tls-wrong-port', details)
  }
  return new SessionError('tls-failed', details)
}
