import { isAscii } from 'node:buffer'
import type { Capabilities } from './capabilities.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { SessionError } from './session-error.ts'

const beyondAscii = /[\u0080-\uffff]/

/** The commands of an envelope, each with its line end. */
export interface EnvelopeCommands {
  readonly mail: string
  readonly rcpts: readonly string[]
}

/**
 * Writes MAIL and RCPT with the extensions that the message needs and the server offers.
 *
 * @throws {SessionError} if the message cannot go through this server: it is too large, or needs what is not offered.
 */
export function envelopeCommands(
  message: OutgoingMessage,
  capabilities: Capabilities,
): EnvelopeCommands {
  const { from, to, size, dsn } = message
  refuseTooLarge(size, capabilities)
  const parameters: string[] = []
  // What breaks out of the brackets would be a command, or another address.
  for (const address of [from, ...to]) {
    if (/[\r\n\0<>]/.test(address)) throw new SessionError('content', { path: 'envelope' })
  }
  const needsUtf8 = beyondAscii.test(from) || to.some((address) => beyondAscii.test(address))
  if (needsUtf8 && !capabilities.has('SMTPUTF8')) throw new SessionError('utf8-not-offered')
  if (needsUtf8) parameters.push('SMTPUTF8')
  // What is not yet read may hold anything.
  if (capabilities.has('8BITMIME') && !(message.bytes && isAscii(message.bytes))) {
    parameters.push('BODY=8BITMIME')
  }
  if (size !== undefined && capabilities.has('SIZE')) parameters.push(`SIZE=${size}`)
  if (message.needsRequireTls) {
    if (!capabilities.has('REQUIRETLS')) throw new SessionError('requiretls-not-offered')
    parameters.push('REQUIRETLS')
  }
  const notices = dsn && capabilities.has('DSN') ? dsn : {}
  if (notices.ret) parameters.push(`RET=${notices.ret}`)
  if (notices.envid) parameters.push(`ENVID=${xtext(notices.envid)}`)
  const own = [
    ...(notices.notify ? [`NOTIFY=${notices.notify}`] : []),
    ...(notices.orcpt ? [`ORCPT=${xtext(notices.orcpt)}`] : []),
  ]
  return {
    mail: command(`MAIL FROM:<${from}>`, parameters),
    rcpts: to.map((address) => command(`RCPT TO:<${address}>`, own)),
  }
}

/** @throws {SessionError} if the server takes no message of so many bytes (RFC 1870). */
export function refuseTooLarge(size: number | undefined, capabilities: Capabilities): void {
  const most = capabilities.size
  if (size !== undefined && most !== undefined && size > most) throw new SessionError('too-large')
}

function command(verb: string, parameters: readonly string[]): string {
  return `${[verb, ...parameters].join(' ')}\r\n`
}

/** RFC 3461 §4. */
function xtext(value: string): string {
  return value.replace(/[^!-*,-<>-~]/g, (character) =>
    Array.from(
      Buffer.from(character),
      (byte) => `+${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  )
}
