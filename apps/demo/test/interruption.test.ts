import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { Interruption } from '../src/interruption.ts'

function interrupted() {
  const source = new EventEmitter()
  const clock = { now: 1000 }
  const interruption = new Interruption(source, () => clock.now)
  const force = vi.fn<() => void>()
  interruption.force = force
  return { source, clock, interruption, force }
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s is a wish to end', async (signal) => {
  const { source, interruption, force } = interrupted()

  source.emit(signal)

  await expect(interruption.requested).resolves.toBeUndefined()
  expect(force).not.toHaveBeenCalled()
})

it('a signal that npm, pnpm and turbo pass on again is still the first', () => {
  const { source, clock, force } = interrupted()

  source.emit('SIGINT')
  clock.now += 400
  source.emit('SIGINT')
  source.emit('SIGTERM')

  expect(force).not.toHaveBeenCalled()
})

it('a second Ctrl-C forces', () => {
  const { source, clock, force } = interrupted()

  source.emit('SIGINT')
  clock.now += 600
  source.emit('SIGINT')

  expect(force).toHaveBeenCalledOnce()
})
