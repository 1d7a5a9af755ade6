import { request } from 'node:http'
import { connect as connectTls } from 'node:tls'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'

function statusOf(
  emulator: MailgunEmulator,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${emulator.httpUrl}/emulator/v1/info`, { headers, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('an emulator with names', () => {
  test('shows a certificate for them, and answers under them', async () => {
    await using emulator = await createMailgunEmulator({ names: ['mailgun', 'Mail.MyApp.test'] })

    for (const servername of ['mailgun', 'mail.myapp.test', 'localhost']) {
      const socket = connectTls({
        port: emulator.securePort,
        host: emulator.host,
        ca: emulator.ca,
        servername,
      })
      await once(socket, 'secureConnect')
      expect(socket.authorized).toBe(true)
      socket.destroy()
    }
    expect(await statusOf(emulator, { host: 'mail.myapp.test:8025' })).toBe(200)
    expect(await statusOf(emulator, { host: 'mailgun' })).toBe(200)
    // A proxy in front may speak HTTPS.
    const origin = 'https://mail.myapp.test'
    expect(await statusOf(emulator, { host: 'mail.myapp.test', origin })).toBe(200)
  })

  test('answers under no other, nor to their pages', async () => {
    await using emulator = await createMailgunEmulator({ names: ['mail.myapp.test'] })

    expect(await statusOf(emulator, { host: 'evil.example' })).toBe(403)
    expect(await statusOf(emulator, { host: 'mailgun' })).toBe(403)
    const origin = 'https://evil.example'
    expect(await statusOf(emulator, { host: 'mail.myapp.test', origin })).toBe(403)
  })

  test.each([['a b'], ['-x'], ['http://mail.test'], ['*.test'], [''], ['a'.repeat(300)]])(
    'refuses the name %j',
    async (name) => {
      await expect(createMailgunEmulator({ names: [name] })).rejects.toMatchObject({
        option: 'names',
        message: expect.stringContaining('is not a host name') as unknown,
      })
    },
  )

  test('that listens everywhere shows a certificate for the addresses of the machine', async () => {
    await using emulator = await createMailgunEmulator({ host: '0.0.0.0', allowRemote: true })

    const { hostname } = await import('node:os')
    const socket = connectTls({
      port: emulator.securePort,
      host: '127.0.0.1',
      ca: emulator.ca,
      servername: hostname().toLowerCase(),
    })
    await once(socket, 'secureConnect')
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })
})

test('a host that is not of this machine is refused in a sentence', async () => {
  await expect(
    createMailgunEmulator({ host: 'no-such-host.invalid', allowRemote: true }),
  ).rejects.toMatchObject({
    name: 'EmulatorError',
    option: 'host',
    message: expect.stringContaining(
      "host 'no-such-host.invalid' is not an address of this machine",
    ) as unknown,
  })
})
