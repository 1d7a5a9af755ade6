import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'

/** Loopback and nothing else: the demo is for this machine. */
export const loopback = '127.0.0.1'

/**
 * Finds a port for each name: the usual one, or any free one where that is taken. 0 is any free one.
 * All are held until all are found, so that no two are the same.
 */
export async function choosePorts<Name extends string>(
  usual: Readonly<Record<Name, number>>,
): Promise<Record<Name, number>> {
  const servers: Server[] = []
  const chosen: [string, number][] = []
  try {
    for (const [name, port] of Object.entries<number>(usual)) {
      const server = (port === 0 ? undefined : await listen(port)) ?? (await listenAnywhere())
      servers.push(server)
      chosen.push([name, (server.address() as AddressInfo).port])
    }
  } finally {
    await Promise.all(servers.map((server) => once(server.close(), 'close')))
  }
  return Object.fromEntries(chosen) as Record<Name, number>
}

// Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of those may be
// taken by another process before the app for which it was chosen listens.
const lowest = 20_000
const count = 10_000

async function listenAnywhere(): Promise<Server> {
  for (let tries = 0; tries < 100; tries += 1) {
    const server = await listen(lowest + randomInt(count))
    if (server) return server
  }
  throw new Error(`No free port was found from ${lowest} to ${lowest + count - 1} on 127.0.0.1.`)
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer()
  try {
    await once(server.listen(port, loopback), 'listening')
    return server
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' || code === 'EACCES') return undefined
    throw error
  }
}
