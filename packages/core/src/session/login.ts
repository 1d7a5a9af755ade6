import type { Capabilities } from './capabilities.ts'
import { demand, SessionError } from './session-error.ts'
import type { Credentials } from './settings.ts'
import type { Wire } from './wire.ts'

/**
 * Logs in with AUTH PLAIN (RFC 4616) or AUTH LOGIN.
 *
 * @throws {Refusal | SessionError} if the server refuses, or offers neither.
 */
export async function logIn(
  wire: Wire,
  capabilities: Capabilities,
  { user, pass }: Credentials,
): Promise<void> {
  const { mechanism } = capabilities
  if (mechanism === undefined) throw new SessionError('login-not-offered')
  if (mechanism === 'PLAIN') {
    wire.ask(`AUTH PLAIN ${base64(`\0${user}\0${pass}`)}\r\n`, 1)
  } else {
    wire.ask('AUTH LOGIN\r\n', 1)
    for (const answer of [user, pass]) {
      demand(await wire.reply(), 334)
      wire.ask(`${base64(answer)}\r\n`, 1)
    }
  }
  const reply = await wire.reply()
  // RFC 4954 §6 says 235. Simple servers, such as Postfix's smtp-sink, say 250.
  if (reply.code !== 250) demand(reply, 235)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
