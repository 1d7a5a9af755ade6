import type { Fault, MailgunEmulator } from '@mailgun-smtp/emulator'
import { Child } from './child.ts'

/** Runs a batch in a process of its own, and kills it with SIGKILL when it comes to the moment. */
export async function dieAt(
  moment: Fault,
  batch: {
    readonly emulator: MailgunEmulator
    readonly input: object
    /** Recipients of one message. */
    readonly size: number
    readonly chance: () => number
  },
): Promise<void> {
  const { emulator, input, size, chance } = batch
  // Some of its kind may pass before; of those that come once a session, none.
  const most = { connect: 0, ehlo: 0, auth: 0, rcpt: size }[moment.at as string] ?? 1
  let passing = Math.round(chance() * most)
  await using child = new Child('batch', input)
  const isReached = new Promise<void>((resolve) => {
    emulator.faults.when(() => {
      if (passing-- > 0) return false
      resolve()
      return true
    }, moment)
  })
  await child.during(isReached)
  child.kill('SIGKILL')
  await child.ended
  emulator.faults.clear()
}
