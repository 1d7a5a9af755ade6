import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import { runApp } from '../app-lifetime.ts'
import { guard } from '../shop/guard.ts'
import { readPlaces } from '../shop/places.ts'
import { stylesheet } from '../shop/stylesheet.ts'
import { AccountsModule } from './accounts.module.ts'

await runApp(async () => {
  const { hostname, port } = new URL(readPlaces().accounts)
  const app = await NestFactory.create(AccountsModule, { logger: ['error', 'warn'] })
  app.use(guard('static'), stylesheet())
  await app.listen(Number(port), hostname)
  return () => app.close()
})
