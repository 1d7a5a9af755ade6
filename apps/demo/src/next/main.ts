import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type createNextServer from 'next'
import { runApp } from '../app-lifetime.ts'
import { guard } from '../shop/guard.ts'
import { readPlaces } from '../shop/places.ts'

// Next.js is CommonJS, and its types call its default export another thing in an ES module.
const next = createRequire(import.meta.url)('next') as typeof createNextServer.default

await runApp(async () => {
  const { hostname, port: portText } = new URL(readPlaces().contact)
  const port = Number(portText)
  const app = next({ dev: false, dir: 'web', hostname, port })
  await app.prepare()
  const handle = app.getRequestHandler()
  const protect = guard('hydrated')
  const server = createServer((req, res) => {
    protect(req, res, () => void handle(req, res))
  })
  server.listen(port, hostname)
  await once(server, 'listening')
  return async () => {
    const closed = once(server, 'close')
    server.close()
    await closed
    await app.close()
  }
})
