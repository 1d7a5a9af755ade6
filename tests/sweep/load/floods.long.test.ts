import { createMailer } from '@mailgun-smtp/core'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { letter, settle, verdictOf } from '../scene/verdict.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes in use. */
function inUse(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** A mailer may hold so much of what a server says, in bytes. */
const most = 10_000_000

test.each([
  ['lines of a reply', Buffer.from('220-and so on\r\n'.repeat(4000))],
  ['one line', Buffer.alloc(60_000, 'x')],
  ['bare CRs', Buffer.alloc(60_000, '\r')],
])(
  'F18: a server that never stops saying %s is left, before much of it is held',
  async (_what, words) => {
    const sockets = new Set<Socket>()
    let said = 0
    let peak = 0
    const server = createServer((socket) => {
      sockets.add(socket)
      const pour = (): void => {
        while (socket.writable) {
          said += words.length
          if (said % (20 * words.length) === 0) peak = Math.max(peak, inUse())
          if (!socket.write(words)) break
        }
      }
      socket.on('drain', pour).on('error', () => undefined)
      pour()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const auth = { user: 'postmaster@mg.example.com', pass: 'secret' }
    const delay = monitorEventLoopDelay({ resolution: 5 })
    const config = { host: '127.0.0.1', port, secure: false, auth, retry: false } as const
    try {
      await using mailer = createMailer({ ...config, deadlines: { untilBody: 3000 } })
      const before = inUse()
      delay.enable()
      const settled = await settle(mailer.send(letter))
      delay.disable()

      expect(verdictOf(settled, 0)).toMatchObject({ outcome: 'deferred', attempts: 1 })
      // What the server itself has not got rid of is no burden of the mailer's.
      const held = peak - before
      console.log(`${said} bytes said, ${held} held, ${(delay.max / 1e6).toFixed(0)} ms held up`)
      expect(held).toBeLessThan(most)
    } finally {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  },
)
