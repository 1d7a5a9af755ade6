import { DeliveryError } from '../outcome/errors.ts'
import { halted, type HaltName } from '../outcome/halts.ts'
import { Halt } from '../session/halt.ts'
import type { Route } from './route.ts'
import { checkLimits, type VerifySettings } from './send-settings.ts'

/**
 * Connects and logs in. When the time is over or the signal aborts, the connection is closed.
 *
 * @throws {InvalidOptionError} for a wrong setting.
 * @throws {DeliveryError} if the login fails.
 */
export async function verify(
  { carrier, settings }: Route,
  given: VerifySettings = {},
): Promise<true> {
  checkLimits(given)
  const { timeout = settings.deadlines.untilBody, signal } = given
  if (signal?.aborted) throw halted('verifyAborted')
  const halt = new Halt()
  let ended: HaltName | undefined
  const end = (name: HaltName): void => {
    ended = name
    halt.stop('aborted')
  }
  const timer = setTimeout(() => end('verify'), timeout)
  const abort = (): void => end('verifyAborted')
  signal?.addEventListener('abort', abort)
  try {
    await carrier.verify(halt)
    return true
  } catch (error) {
    // A server that answered first has its say.
    if (ended && !(error instanceof DeliveryError && error.reply)) throw halted(ended)
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
