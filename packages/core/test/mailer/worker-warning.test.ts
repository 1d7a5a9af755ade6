import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const door = new URL('../../dist/index.js', import.meta.url).href

/** What a process of its own prints when it sends with a key, or without one. */
async function printed(environment: NodeJS.ProcessEnv, key: string | undefined): Promise<string> {
  const program = `
    import { createMailer, memoryStore } from ${JSON.stringify(door)}
    const mailer = createMailer({ auth: { user: 'a@mg.test', pass: 'x' }, host: '127.0.0.1', port: 9, secure: false, requireTLS: false, retry: false })
    for (const _ of [1, 2]) {
      await mailer.send({ from: 'a@mg.test', to: 'b@far.test', subject: 'Hi', text: 'Hi' }, { idempotencyKey: ${JSON.stringify(key)} }).catch(() => undefined)
    }
    await mailer.close()`
  const env = { ...process.env, NODE_APP_INSTANCE: undefined, ...environment }
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    { env },
  )
  return stderr
}

test('one of several workers whose keys are in its own memory is warned, once, and only if it uses keys', async () => {
  const warned = await printed({ NODE_APP_INSTANCE: '0' }, 'order-1')

  expect(warned.match(/MailgunStoreWarning/g)).toHaveLength(1)
  await expect(printed({ NODE_APP_INSTANCE: '0' }, undefined)).resolves.not.toContain('Mailgun')
  await expect(printed({}, 'order-1')).resolves.not.toContain('Mailgun')
})
