import type { MailgunMessage, MailgunOptions, Receipt } from '@mailgun-smtp/core'
import { mailgun, mailgunOptions } from '@mailgun-smtp/express'
import express, { type NextFunction, type Request, type Response } from 'express'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { OpenAdapter } from './adapter.ts'

interface Task {
  readonly message: MailgunMessage
  readonly options?: MailgunOptions | undefined
  readonly done: (receipt: Receipt) => void
  readonly failed: (error: unknown) => void
}

/** Express: a route that awaits `res.mail`, on a real server. */
export const openExpress: OpenAdapter = async (config) => {
  const tasks = new Map<string, Task>()
  const taskOf = (id: unknown): Task => {
    const task = tasks.get(String(id))
    if (!task) throw new Error('No such task.')
    return task
  }
  const app = express()
  const mail = mailgun(config)
  app.use(mail)
  app.post(
    '/send/:id',
    mailgunOptions(
      (request) =>
        taskOf(new URL(request.url ?? '', 'http://x').searchParams.get('id')).options ?? {},
    ),
    async (req: Request, res: Response) => {
      const { message, done } = taskOf(req.params.id)
      done(await res.mail(message))
      res.sendStatus(204)
    },
  )
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    taskOf(/\/send\/(\d+)/.exec(req.url)?.[1]).failed(error)
    res.sendStatus(500)
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  let count = 0
  const run = (message: MailgunMessage, options?: MailgunOptions): Promise<Receipt> =>
    new Promise((done, failed) => {
      const id = String((count += 1))
      tasks.set(id, { message, options, done, failed })
      fetch(`http://127.0.0.1:${port}/send/${id}?id=${id}`, {
        method: 'POST',
        headers: { connection: 'close' },
      }).catch(failed)
    })
  return {
    send: (message) => run(message),
    sendWithin: (options, message) => run(message, options),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
      await mail.close()
    },
  }
}
