import { inspect } from 'node:util'
import {
  createMailer,
  DeliveryError,
  type MailgunConfig,
  type MailgunMessage,
} from '../../src/index.ts'
import { ScriptedServer } from './scripted-server.ts'
import type { Stage } from './scripted-session.ts'
import { letter } from '../wire/wire.ts'

/** What came of a send that failed, and what the server was told meanwhile. */
export interface FailedSend {
  readonly error: DeliveryError
  readonly server: Pick<ScriptedServer, 'lines' | 'bodies' | 'unfinished' | 'sessions'>
}

/** Sends once to a server that plays the stage, and expects it to fail. */
export async function failedSend(
  stage: Stage,
  config: Partial<MailgunConfig> = {},
  message: MailgunMessage = letter,
): Promise<FailedSend> {
  await using server = await ScriptedServer.open(stage)
  await using mailer = createMailer({ ...server.config, retry: false, ...config })
  const error: unknown = await mailer.send(message).then(
    () => new Error('The send did not fail.'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof DeliveryError)) throw error
  const { lines, bodies, unfinished, sessions } = server
  return { error, server: { lines, bodies, unfinished, sessions } }
}

/** What the error says, for comparing. */
export function verdict(error: DeliveryError): Readonly<Record<string, unknown>> {
  const { outcome, fault, retryable, code } = error
  return { outcome, fault, retryable, code }
}

/** Every way an error may end in a log. */
export function shownBy(error: Error): string {
  const { cause } = error
  return [
    String(error),
    error.message,
    error.stack,
    JSON.stringify(error),
    JSON.stringify({ error, cause }),
    inspect(error, { depth: 10 }),
    inspect({ nested: { error } }, { depth: 10 }),
    inspect(cause, { depth: 10 }),
    Object.values(error).map((value) => inspect(value, { depth: 10 })),
  ].join('\n')
}

/** One connection for each message, and a pool; with PIPELINING and without. */
export const ways: readonly { readonly pool: boolean; readonly pipelining: boolean }[] = [
  { pool: false, pipelining: true },
  { pool: false, pipelining: false },
  { pool: true, pipelining: true },
  { pool: true, pipelining: false },
]
