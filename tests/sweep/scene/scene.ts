import { createMailer, type Mailer, type MailgunConfig } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { expect, vi } from 'vitest'
import { OpenResources } from './open-resources.ts'
import type { Way } from './ways.ts'

/** A mailer and the emulator it sends to. */
export interface Scene {
  readonly emulator: MailgunEmulator
  readonly mailer: Mailer
}

/** How a scene is set up. */
export interface SceneSettings {
  readonly config?: Partial<MailgunConfig> | undefined
  readonly emulator?: Parameters<typeof createMailgunEmulator>[0]
  /** Called before there is a mailer: faults called up here come before those of the way. */
  readonly before?: ((emulator: MailgunEmulator) => void) | undefined
}

/** Plays a scene in one of the ways, and sees that its mailer leaves no socket and no timer behind. */
export async function inScene<Result>(
  way: Way,
  settings: SceneSettings,
  play: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  await using emulator = await openEmulator(way, settings.emulator)
  settings.before?.(emulator)
  keepTo(way, emulator)
  const resources = new OpenResources()
  const result = await resources.run(async () => {
    await using mailer = createMailer(configFor(way, emulator, settings.config))
    return await play({ emulator, mailer })
  })
  await vi.waitFor(() => expect(resources.list, 'left open').toEqual([]), {
    timeout: 10_000,
    interval: 5,
  })
  return result
}

/** An emulator that listens as the way needs it. */
export function openEmulator(
  { port }: Pick<Way, 'port'>,
  options: SceneSettings['emulator'] = {},
): Promise<MailgunEmulator> {
  return createMailgunEmulator({
    httpPort: false,
    ...(port === 'starttls' && { securePort: false as const }),
    ...options,
  })
}

/** A config that leads to the emulator in this way, and loses no time between attempts. */
export function configFor(
  { port, pool }: Way,
  { transport, secureTransport }: MailgunEmulator,
  config: Partial<MailgunConfig> = {},
): MailgunConfig {
  return {
    ...(port === 'implicit' ? (secureTransport ?? transport) : transport),
    pool,
    retry: { times: 2, baseDelay: 1 },
    ...config,
  }
}

/** Leaves PIPELINING out of the answers to EHLO that no fault called up before strikes, if the way is without it. */
export function keepTo({ pipelining }: Way, { faults }: MailgunEmulator): void {
  if (pipelining) return
  const offers = ['4e119dd77b0c', 'AUTH PLAIN LOGIN', 'SIZE 52428800', '8BITMIME', 'SMTPUTF8']
  const greeted = new Set<string>()
  faults.when(
    ({ session: { id, port } }) => {
      const isInClear = port === 'starttls' && !greeted.has(id)
      greeted.add(id)
      return isInClear
    },
    { at: 'ehlo', reply: [250, [...offers, 'STARTTLS']] },
  )
  faults.always({ at: 'ehlo', reply: [250, offers] })
}

/** What clients said, in all sessions. */
export function heardBy({ sessions }: MailgunEmulator): string[] {
  return sessions.flatMap(({ lines }) =>
    lines.filter(({ from }) => from === 'client').map(({ text }) => text),
  )
}

/** How often a recipient got the message: the most, of several. */
export function copiesOf(messageId: string, { ledger }: MailgunEmulator): number {
  const times = new Map<string, number>()
  for (const { recipient } of ledger.copies({ messageId })) {
    times.set(recipient, (times.get(recipient) ?? 0) + 1)
  }
  return Math.max(0, ...times.values())
}
