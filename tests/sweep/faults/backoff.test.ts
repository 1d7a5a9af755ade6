import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, expect, test, vi } from 'vitest'
import { inScene } from '../scene/scene.ts'
import { letter } from '../scene/verdict.ts'

afterEach(() => void vi.restoreAllMocks())

test('F6: the pause before each further try may be twice as long, and is drawn by lot', async () => {
  const lots = [0.5, 0.5, 0.25, 1]
  vi.spyOn(Math, 'random').mockImplementation(() => lots.shift() ?? 0)
  const delays: unknown[] = []
  const note = (event: unknown): void => void delays.push(Reflect.get(Object(event), 'delayMs'))
  subscribe('mailgun-smtp:send:retry', note)
  try {
    const way = { pool: false, pipelining: true, port: 'starttls' } as const
    await inScene(
      way,
      { config: { retry: { times: 4, baseDelay: 4 } } },
      async ({ emulator, mailer }) => {
        emulator.faults.always({ at: 'mail', reply: [451, 'Later'] })
        await expect(mailer.send(letter)).rejects.toMatchObject({ attempts: 5 })
      },
    )
  } finally {
    unsubscribe('mailgun-smtp:send:retry', note)
  }
  expect(delays).toEqual([2, 4, 4, 32])
})
