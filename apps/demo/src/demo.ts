import { announce } from './announcement.ts'
import { AppProcess } from './app-process.ts'
import { openEmulator, throughMailgun, type Destination } from './destination.ts'
import type { Interruption } from './interruption.ts'
import { choosePorts, loopback } from './ports.ts'
import { placesVariable, type Places } from './shop/places.ts'

/** Where the demo listens, if these ports are free. */
const usualPorts = { shop: 3000, accounts: 3001, contact: 3002, inbox: 8025, smtp: 2525 }

/** The apps, by what they run and what they are called. */
const apps = [
  { name: 'Express', module: new URL('express/main.js', import.meta.url) },
  { name: 'NestJS', module: new URL('nest/main.js', import.meta.url) },
  { name: 'Next.js', module: new URL('next/main.js', import.meta.url) },
]

/** The folder that the apps run in, and name their files from. */
const folder = new URL('..', import.meta.url)

/** How to run the demo. */
export interface DemoSettings {
  /** Take any free ports, and leave the usual ones alone. */
  readonly anyPort: boolean
  /** Mailgun's login. Without it, an emulator receives the mail. */
  readonly mailgunUrl?: string | undefined
  readonly interruption: Interruption
  readonly say: (line: string) => void
}

/**
 * Runs the shop until it is told to end, and leaves nothing behind.
 *
 * @throws {ConfigError} if the URL cannot lead to a connection.
 * @throws {Error} if an app ends by itself.
 */
export async function runDemo({
  anyPort,
  mailgunUrl,
  interruption,
  say,
}: DemoSettings): Promise<void> {
  const ports = await choosePorts(
    anyPort ? { shop: 0, accounts: 0, contact: 0, inbox: 0, smtp: 0 } : usualPorts,
  )
  await using destination: Destination = mailgunUrl
    ? throughMailgun(mailgunUrl)
    : await openEmulator(ports)
  say(
    destination.inbox
      ? `The emulator receives at ${destination.smtp}.`
      : `Mail goes to ${destination.smtp}.`,
  )
  const { smtp, domain, inbox, environment } = destination
  const places: Places = {
    shop: `http://${loopback}:${ports.shop}`,
    accounts: `http://${loopback}:${ports.accounts}`,
    contact: `http://${loopback}:${ports.contact}`,
    inbox,
    smtp,
    domain,
  }
  const running = apps.map(
    (app) =>
      new AppProcess(
        {
          ...app,
          environment: {
            ...process.env,
            ...environment,
            ...placesVariable(places),
            NODE_ENV: 'production',
            NEXT_TELEMETRY_DISABLED: '1',
          },
        },
        folder,
      ),
  )
  interruption.force = () => {
    for (const app of running) app.kill()
    process.exit(130)
  }
  try {
    const crashed = Promise.race(running.map((app) => app.crashed))
    const ready = Promise.all(
      running.map(async (app, index) => {
        await app.ready
        say(`${apps[index]?.name} answers.`)
      }),
    )
    const opened = await Promise.race([
      ready.then(() => true),
      interruption.requested.then(() => false),
      crashed,
    ])
    if (opened) {
      say(announce(places))
      await Promise.race([interruption.requested, crashed])
    }
    say('Closing.')
  } finally {
    await Promise.all(running.map((app) => app.stop()))
  }
}
