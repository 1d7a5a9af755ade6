import { connect, type Socket } from 'node:net'
import type { Port } from '../regions.ts'
import type { Halt } from './halt.ts'
import { codeIn, SessionError } from './session-error.ts'
import type { SessionSettings } from './settings.ts'
import { tlsFailure, type TlsClient } from './tls.ts'

/** An address that does not answer costs so much before the next one of the name is tried (RFC 8305 §5 allows up to 2 seconds). */
const addressTimeout = 2000

/**
 * Connects to a port, within its deadline, and encrypts at once where the port begins so.
 *
 * @throws {SessionError} if nothing answers, or the server cannot be verified.
 */
export function dial(
  { host, deadlines, lookup }: SessionSettings,
  { port, secure }: Port,
  tls: TlsClient,
  halt: Halt,
): Promise<Socket> {
  const place = {
    host,
    port,
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.min(addressTimeout, Math.ceil(deadlines.connect / 3)),
    ...(lookup && { lookup }),
  }
  return new Promise((resolve, reject) => {
    const socket = secure ? tls.connect(place) : connect(place)
    const opened = secure ? 'secureConnect' : 'connect'
    const settle = (error?: SessionError): void => {
      clearTimeout(timer)
      forget()
      socket.off('error', fail).off('close', lose).off(opened, settleOpen)
      if (error === undefined) return resolve(socket)
      socket.destroy()
      reject(error)
    }
    const settleOpen = (): void => settle()
    const fail = (error: Error): void => settle(failureOf(error))
    const lose = (): void => settle(new SessionError('lost'))
    const timer = setTimeout(
      () => settle(new SessionError('unreachable', { code: 'ETIMEDOUT' })),
      deadlines.connect,
    )
    socket.on('error', fail).on('close', lose).on(opened, settleOpen)
    // Between two who listen, or after both, an error is told to none.
    socket.on('error', () => undefined)
    const forget = halt.onStop(settle)
  })
}

const unresolved = /^(?:ENOTFOUND|EAI_[A-Z]+|ENODATA|ESERVFAIL)$/
const unreachable =
  /^(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/

function failureOf(error: Error): SessionError {
  const code = codeIn(error) ?? codeIn((error as AggregateError).errors?.[0])
  if (code !== undefined && unresolved.test(code)) {
    return new SessionError('unresolved', { code, cause: error })
  }
  if (code !== undefined && unreachable.test(code)) {
    return new SessionError('unreachable', { code, cause: error })
  }
  return tlsFailure(error, 'lost')
}
