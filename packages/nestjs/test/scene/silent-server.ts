import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { MailgunConfig } from '@mailgun-smtp/core'

export const auth: MailgunConfig['auth'] = { user: 'postmaster@mg.example.com', pass: 's3cret' }

export interface SilentServer {
  readonly config: MailgunConfig
  /** Every connection so far, oldest first. */
  readonly sockets: readonly Socket[]
  /** The next connection. */
  connected(): Promise<Socket>
  close(): Promise<void>
}

/** A server that greets and then says nothing more. */
export async function startSilentServer(): Promise<SilentServer> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    socket.resume()
    socket.write('220 silent\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    config: configFor((server.address() as AddressInfo).port),
    sockets,
    connected: async () => {
      const [socket] = (await once(server, 'connection')) as [Socket]
      return socket
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

/** The config of a port that refuses connections. */
export async function closedPort(): Promise<MailgunConfig> {
  const server = await startSilentServer()
  await server.close()
  return server.config
}

function configFor(port: number): MailgunConfig {
  return { host: '127.0.0.1', port, secure: false, requireTLS: false, auth }
}
