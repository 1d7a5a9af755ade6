import { Readable } from 'node:stream'
import type { OutgoingMessage } from '../../src/session/outgoing-message.ts'
import { Pool } from '../../src/session/pool.ts'
import type { PoolSettings, SessionSettings } from '../../src/session/settings.ts'
import { certificates } from '../scripted-server/certificates.ts'
import { auth, type ScriptedServer } from '../scripted-server/scripted-server.ts'

/** The deadlines of these tests: short enough to see one pass, long enough not to by chance. */
export const deadlines: SessionSettings['deadlines'] = {
  connect: 5000,
  greeting: 5000,
  untilBody: 10_000,
  body: 10_000,
  afterDot: 10_000,
}

/** What a session with a server is made of. */
export function settingsFor(
  server: ScriptedServer,
  changes: Partial<SessionSettings> = {},
): SessionSettings {
  const { requireTLS, secure = false } = server.config
  return {
    host: '127.0.0.1',
    ports: [{ port: server.port, secure }],
    name: 'client.example.com',
    credentials: auth,
    isTlsDemanded: !secure && requireTLS !== false,
    tls: { ca: certificates.localhost, rejectUnauthorized: true },
    deadlines,
    ...changes,
  }
}

const kept: PoolSettings = { isKept: true, maxConnections: 5, maxMessages: 100 }

/** A pool to a server; closing it ends what is on its way. */
export function poolTo(
  server: ScriptedServer,
  changes: Partial<SessionSettings> = {},
  pool: Partial<PoolSettings> = {},
): Pool & Disposable {
  const opened = new Pool(settingsFor(server, changes), { ...kept, ...pool })
  return Object.assign(opened, { [Symbol.dispose]: () => opened.abort() })
}

/** A message that is held whole. */
export function held(text = 'Hi', to: readonly string[] = ['ada@example.net']): OutgoingMessage {
  const bytes = Buffer.from(`Subject: Hi\r\n\r\n${text}\r\n`)
  return {
    messageId: '<1@example.com>',
    from: 'shop@example.com',
    to,
    bytes,
    size: bytes.length,
    open: () => Readable.from([bytes]),
  }
}

/** A message that is read from a source. */
export function streamed(
  source: () => Readable,
  to: readonly string[] = ['ada@example.net'],
): OutgoingMessage {
  return { messageId: '<1@example.com>', from: 'shop@example.com', to, open: source }
}
