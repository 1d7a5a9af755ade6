import type { Socket } from 'node:net'
import { sessionError } from '../delivery/attempt.ts'
import { halted, type HaltName } from '../outcome/halts.ts'
import type { Route } from './route.ts'
import { checkLimits, type VerifySettings } from './send-settings.ts'

/**
 * Connects and logs in. When the time is over or the signal aborts, the connection is closed.
 *
 * @throws {InvalidOptionError} for a wrong setting.
 * @throws {DeliveryError} if the login fails.
 */
export async function verify(
  { transporter, dialer, settings }: Route,
  given: VerifySettings = {},
): Promise<true> {
  checkLimits(given)
  const { timeout = settings.deadlines.untilBody, signal } = given
  if (signal?.aborted) throw halted('verifyAborted')
  let socket: Socket | undefined
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let abort: (() => void) | undefined
  const ended = new Promise<never>((_resolve, reject) => {
    const end = (halt: HaltName): void => {
      isOver = true
      socket?.destroy()
      reject(halted(halt))
    }
    timer = setTimeout(() => end('verify'), timeout)
    abort = () => end('verifyAborted')
    signal?.addEventListener('abort', abort)
  })
  const onDial = (dialed: Socket): void => {
    socket = dialed
    if (isOver) dialed.destroy()
  }
  const run = (): Promise<true> => transporter.verify()
  try {
    return await Promise.race([dialer ? dialer.watch({ onDial }, run) : run(), ended])
  } catch (error) {
    throw sessionError(error, transporter)
  } finally {
    clearTimeout(timer)
    if (abort) signal?.removeEventListener('abort', abort)
  }
}
