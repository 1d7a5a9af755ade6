import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { OpenResources } from './open-resources.ts'

test("sees a socket and a timer until they are gone, and no other test's", async () => {
  await using server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const resources = new OpenResources()
  const other = new OpenResources()

  const { socket, timer } = await resources.run(async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return { socket, timer: setTimeout(() => undefined, 60_000) }
  })

  expect(resources.list.toSorted()).toEqual(['TCPWRAP', 'Timeout'])
  expect(other.list).toEqual([])

  clearTimeout(timer)
  socket.destroy()
  await vi.waitFor(() => expect(resources.list).toEqual([]))
})
