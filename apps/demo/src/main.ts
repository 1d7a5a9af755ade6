import { parseArgs } from 'node:util'
import { runDemo } from './demo.ts'
import { Interruption } from './interruption.ts'

const help = `The demo: a shop whose mail you can read.

  --any-port    take any free ports, not 3000, 3001, 3002, 8025 and 2525
  --help        this

With MAILGUN_SMTP_URL set, its mail goes through Mailgun and not to the emulator.`

const say = (text: string): void => void process.stdout.write(`${text}\n`)

// Whoever read the addresses may go away; the shop stays open.
process.stdout.on('error', () => {})

try {
  const { values } = parseArgs({
    options: { 'any-port': { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help) say(help)
  else {
    await runDemo({
      anyPort: values['any-port'] ?? false,
      mailgunUrl: process.env.MAILGUN_SMTP_URL,
      interruption: new Interruption(),
      say,
    })
  }
  // Listeners for signals hold nothing, but a forgotten handle would.
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
