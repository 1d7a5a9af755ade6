// What @MailgunOptions() costs: beside the AsyncLocalStorage it stands on, for routes without it, and in memory.
import 'reflect-metadata'
import { AsyncLocalStorage } from 'node:async_hooks'
import { MailgunModule, MailgunOptions } from '@mailgun-smtp/nestjs'
import { Controller, Get, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { compare, heading } from './compare.mjs'

const options = { tags: ['bench'], track: false }

class Plain {
  sync(value) {
    return value
  }
  async async(value) {
    return value
  }
}
class Decorated extends Plain {
  sync(value) {
    return value
  }
  async async(value) {
    return value
  }
}
class DecoratedTwice extends Plain {
  sync(value) {
    return value
  }
}
decorate(Decorated, 'sync', MailgunOptions(options))
decorate(Decorated, 'async', MailgunOptions(options))
decorate(DecoratedTwice, 'sync', MailgunOptions(options))
Reflect.decorate([MailgunOptions({ requireTls: true })], DecoratedTwice)

const storage = new AsyncLocalStorage()
const plain = new Plain()
const decorated = new Decorated()
const decoratedTwice = new DecoratedTwice()

const calls = 1_000
const call = (name, target) => ({
  name,
  run: (count) => {
    for (let n = 0; n < count * calls; n += 1) target.sync(n)
  },
})
const callAsync = (name, run) => ({
  name,
  run: async (count) => {
    for (let n = 0; n < count * calls; n += 1) await run(n)
  },
})
const bare = { sync: (n) => storage.run(options, () => plain.sync(n)) }

heading()
await compare(
  '1,000 calls, options on the method',
  500,
  call('AsyncLocalStorage.run', bare),
  call('decorated', decorated),
)
await compare(
  '1,000 calls, options on method and class',
  500,
  call('AsyncLocalStorage.run', bare),
  call('decorated', decoratedTwice),
)
await compare(
  '1,000 async calls, awaited',
  200,
  callAsync('AsyncLocalStorage.run', (n) => storage.run(options, () => plain.async(n))),
  callAsync('decorated', (n) => decorated.async(n)),
)

const without = await serve([])
const within = await serve([
  MailgunModule.forRoot({ auth: { user: 'shop@mg.example.com', pass: 'never used' } }),
])
await compare(
  'a request to a route without the decorator',
  2_000,
  { name: 'no module', run: without.requests },
  { name: 'MailgunModule', run: within.requests },
)
await without.close()
await within.close()

console.log(`\nHeap after each of five million calls, method and class: ${grown().join(', ')} MB`)

/** Puts a decorator onto a method, as TypeScript would. */
function decorate(type, name, decorator) {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, name)
  Reflect.decorate([decorator], type.prototype, name, descriptor)
  Object.defineProperty(type.prototype, name, descriptor)
}

/** An application with one route, over connections that are kept. */
async function serve(imports) {
  class Routes {
    route() {
      return 'ok'
    }
  }
  Reflect.decorate([Controller()], Routes)
  decorate(Routes, 'route', Get())
  class AppModule {}
  Module({ imports, controllers: [Routes] })(AppModule)
  const app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true })
  await app.listen(0, '127.0.0.1')
  const url = await app.getUrl()
  return {
    async requests(count) {
      for (let n = 0; n < count; n += 1) await (await fetch(url)).text()
    },
    close: () => app.close(),
  }
}

function grown() {
  return Array.from({ length: 5 }, () => {
    for (let n = 0; n < 1_000_000; n += 1) decoratedTwice.sync(n)
    globalThis.gc()
    return (process.memoryUsage().heapUsed / 1e6).toFixed(2)
  })
}
