import type { Socket } from 'node:net'
import { truthful } from '../delivery/attempt.ts'
import { halted } from '../outcome/halts.ts'
import type { Route } from './route.ts'

/**
 * Connects and logs in, within the deadline for a message's body.
 *
 * @throws {DeliveryError} if that fails.
 */
export async function verify({ transporter, dialer, settings }: Route): Promise<true> {
  let socket: Socket | undefined
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      socket?.destroy()
      reject(halted('verify'))
    }, settings.deadlines.untilBody)
  })
  const run = (): Promise<true> => transporter.verify()
  const verified = dialer ? dialer.watch({ onDial: (dialed) => (socket = dialed) }, run) : run()
  try {
    return await Promise.race([verified, late])
  } catch (error) {
    throw truthful(error, transporter, true)
  } finally {
    clearTimeout(timer)
  }
}
