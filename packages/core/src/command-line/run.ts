import { ConfigError, InvalidOptionError } from '../outcome/errors.ts'
import { doctor } from './doctor.ts'
import { doctorExits } from './exit-codes.ts'
import { UsageError } from './flags.ts'
import { help } from './help.ts'
import type { Terminal } from './terminal.ts'
import { version } from '../version.ts'

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>

const commands: Readonly<Record<string, Command>> = {
  doctor,
  async send(args, terminal) {
    // Only this command needs nodemailer.
    const { send } = await import('./send.ts')
    return send(args, terminal)
  },
}

/** Runs the command that the arguments name, and returns the exit code. What is thrown is a defect, or the signal's reason. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = args
  try {
    if (name === '--help' || name === '--version') {
      terminal.print(name === '--help' ? help : `${version}\n`)
      return doctorExits.works.code
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    // The argument may be a URL with its password, so it is not repeated.
    if (!command) throw new UsageError('The commands are doctor and send: see mailgun-smtp --help.')
    return await command(rest, terminal)
  } catch (error) {
    const isRefusal = [UsageError, ConfigError, InvalidOptionError].some(
      (kind) => error instanceof kind,
    )
    if (!isRefusal) throw error
    terminal.complain((error as Error).message)
    return doctorExits.usage.code
  }
}
