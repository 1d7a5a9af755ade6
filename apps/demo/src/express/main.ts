import { once } from 'node:events'
import { runApp } from '../app-lifetime.ts'
import { readPlaces } from '../shop/places.ts'
import { createShop } from './app.tsx'

await runApp(async () => {
  const places = readPlaces()
  const { app, mail } = createShop(places)
  const { hostname, port } = new URL(places.shop)
  const server = app.listen(Number(port), hostname)
  await once(server, 'listening')
  return async () => {
    const closed = once(server, 'close')
    server.close()
    await closed
    await mail.close()
  }
})
