import type { FileHandle } from 'node:fs/promises'
import { ConfigError } from '../../outcome/errors.ts'

/** What a file's mode lets others than its owner do. */
const others = 0o077

/**
 * Takes from all users but the owner what an existing file's mode lets them do, and says so in a warning of the
 * process: the file holds recipients. Windows has no such mode.
 *
 * @throws {ConfigError} if the mode cannot be changed.
 */
export async function keepPrivate(path: string, file: FileHandle): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await file.stat()
  if ((mode & others) === 0) return
  try {
    await file.chmod(mode & 0o700)
  } catch {
    throw new ConfigError(
      `${path} holds recipients and other users can open it. Change its mode to 600, or give another path.`,
    )
  }
  process.emitWarning(
    `${path} holds recipients and other users could open it. Its mode is 600 now.`,
    { code: 'MAILGUN_SMTP_FILE_MODE' },
  )
}
