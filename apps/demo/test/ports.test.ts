import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { choosePorts, loopback } from '../src/ports.ts'

const servers = new Set<ReturnType<typeof createServer>>()

async function occupy(port = 0): Promise<number> {
  const server = createServer()
  servers.add(server)
  await once(server.listen(port, loopback), 'listening')
  return (server.address() as AddressInfo).port
}

afterEach(async () => {
  await Promise.all(Array.from(servers, (server) => once(server.close(), 'close')))
  servers.clear()
})

it('takes another port where the usual one is taken', async () => {
  const taken = await occupy()

  const { shop } = await choosePorts({ shop: taken })

  expect(shop).not.toBe(taken)
  expect(await occupy(shop)).toBe(shop)
})

it('takes the usual port where it is free', async () => {
  const { shop } = await choosePorts({ shop: 0 })

  expect(await choosePorts({ shop })).toEqual({ shop })
})

it('gives no port twice, though two are asked for under one number', async () => {
  const { shop } = await choosePorts({ shop: 0 })

  const ports = Object.values(await choosePorts({ a: shop, b: shop, c: 0, d: 0, e: 0 }))

  expect(new Set(ports).size).toBe(5)
})

it('leaves the ports free', async () => {
  const ports = await choosePorts({ a: 0, b: 0 })

  expect(await Promise.all([occupy(ports.a), occupy(ports.b)])).toEqual([ports.a, ports.b])
})
