import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { openMailClient } from '../clients/mail-client.ts'
import { ask } from '../clients/json.ts'

let emulator: MailgunEmulator
beforeEach(async () => {
  emulator = await createMailgunEmulator()
})
afterEach(() => emulator.close())

async function send(to: string, subject: string): Promise<void> {
  const transporter = openMailClient(emulator)
  await transporter.sendMail({ from: 'a@mg.example.com', to, subject, text: 'x' })
  transporter.close()
}

describe('GET /wait', () => {
  test('answers at once with a message that is there', async () => {
    await send('ada@example.com', 'Hello')

    const { status, body } = await ask(emulator, 'GET', '/wait?to=ADA@example.com')

    expect(status).toBe(200)
    expect(body).toMatchObject({ recipient: 'ada@example.com', subject: 'Hello', text: 'x\n' })
  })

  test('holds the answer back until one comes', async () => {
    const answer = ask(emulator, 'GET', '/wait?subject=second&timeout=10000')
    await send('ada@example.com', 'first')
    await send('ada@example.com', 'second')

    expect(await answer).toMatchObject({ status: 200, body: { subject: 'second' } })
  })

  test('sees mail in test mode when asked for it', async () => {
    const transporter = openMailClient(emulator)
    const headers = { 'X-Mailgun-Drop-Message': 'yes' }
    await transporter.sendMail({ from: 'a@mg.example.com', to: 'b@c.d', headers, text: 'x' })
    transporter.close()

    expect(await ask(emulator, 'GET', '/wait?timeout=0')).toMatchObject({ status: 404 })
    expect(await ask(emulator, 'GET', '/wait?state=any')).toMatchObject({
      status: 200,
      body: { state: 'dropped' },
    })
  })

  test('tells after the timeout what came instead', async () => {
    await send('ada@example.com', 'Hello')

    const { status, body } = await ask(emulator, 'GET', '/wait?to=alan@example.com&timeout=20')

    expect(status).toBe(404)
    expect(body).toMatchObject({
      message: expect.stringMatching(
        /^Waited 20 ms for .*alan@example\.com[^]*ada@example\.com/,
      ) as unknown,
    })
  })

  test.each([
    ['?tags=news', "There is no parameter 'tags' here; there is to, from,"],
    ['?timeout=soon', 'timeout is a whole number, 0 to 60000.'],
    ['?state=lost', 'state is one of scheduled, delivered, failed, dropped, any.'],
    ['?timeout=60001', 'timeout is a whole number, 0 to 60000.'],
  ])('refuses %s', async (query, sentence) => {
    expect(await ask(emulator, 'GET', `/wait${query}`)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(sentence) as unknown },
    })
  })

  test('stops waiting when the client has gone', async () => {
    const gone = new AbortController()
    const url = `${emulator.httpUrl}/emulator/v1/wait?to=nobody@example.com&timeout=60000`
    const answer = fetch(url, { signal: gone.signal })
    await ask(emulator, 'GET', '/healthz')
    gone.abort()

    await expect(answer).rejects.toThrow(/abort/)
    expect(await ask(emulator, 'GET', '/healthz')).toMatchObject({ status: 200 })
  })

  test("does not delay the emulator's close", async () => {
    const answer = ask(emulator, 'GET', '/wait?to=nobody@example.com&timeout=60000').catch(
      (error: unknown) => error,
    )
    await ask(emulator, 'GET', '/healthz')
    await emulator.close()

    const ended = await answer
    expect(ended instanceof Error || ended).toSatisfy(
      (end) => end === true || (end as { status: number }).status === 503,
    )
  })
})
