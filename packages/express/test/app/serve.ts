import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import express5 from 'express'
import express4 from 'express4'
import express4Oldest from 'express4-oldest'

/** Both majors that the package promises to work with, and the oldest of them. */
export const versions = [
  { version: 'Express 4.17.0', express: express4Oldest },
  { version: 'Express 4', express: express4 },
  { version: 'Express 5', express: express5 },
] as const

/** The newest of each major: for what is long, and has no part of its own in the oldest. */
export const majors = versions.slice(1)

/** For what depends on no version. */
export const newest = versions[2]

/** Serves an app on a free loopback port until it is disposed of. */
export async function serve(app: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(app)
  // On a busy machine an idle connection would be closed as the client takes it again.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
