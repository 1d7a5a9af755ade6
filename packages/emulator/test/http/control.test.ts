import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { ask } from '../clients/json.ts'

let emulator: MailgunEmulator
afterEach(() => emulator.close())

async function send(to: string, messageId = '<1@mg.example.com>'): Promise<void> {
  const transporter = createTransport(emulator.transport)
  try {
    await transporter.sendMail({ from: 'a@mg.example.com', to, messageId, text: 'x' })
  } finally {
    transporter.close()
  }
}

describe('the ledger', () => {
  test('tells who got how many copies', async () => {
    emulator = await createMailgunEmulator()
    await send('ada@example.com')
    await send('ada@example.com')
    await send('alan@example.com', '<2@mg.example.com>')

    const path = '/ledger?messageId=1@mg.example.com&recipient=ada@example.com'
    expect(await ask(emulator, 'GET', path)).toMatchObject({
      status: 200,
      body: {
        count: 2,
        forgotten: 0,
        copies: [{ recipient: 'ada@example.com', acknowledged: true }, {}],
      },
    })
    expect(await ask(emulator, 'GET', '/ledger')).toMatchObject({ body: { count: 3 } })
  })
})

describe('the sessions', () => {
  test('are listed, and told line by line without password and body', async () => {
    emulator = await createMailgunEmulator()
    await send('ada@example.com')

    const list = await ask(emulator, 'GET', '/sessions')
    const [{ id } = { id: '' }] = (list.body as { sessions: { id: string }[] }).sessions
    const { status, body } = await ask(emulator, 'GET', `/sessions/${id}`)

    expect(list.body).toMatchObject({
      sessions: [{ port: 'starttls', user: 'postmaster@mg.example.com' }],
      forgotten: 0,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id })
    expect(JSON.stringify(body)).toContain('MAIL FROM:<a@mg.example.com>')
    expect(JSON.stringify(body)).not.toContain(emulator.credentials.pass)
  })

  test('of which there is none are not found', async () => {
    emulator = await createMailgunEmulator()

    expect(await ask(emulator, 'GET', '/sessions/none')).toMatchObject({ status: 404 })
  })
})

describe('the faults', () => {
  const drop = { fault: { at: 'mail', drop: true }, select: { next: 2 } }

  test('strike as they were put, and are told as they were put', async () => {
    emulator = await createMailgunEmulator()
    const reply = { fault: { at: 'data', reply: [451, 'later'] } }
    const put = await ask(emulator, 'PUT', '/faults', [reply])
    expect(put).toEqual({
      status: 200,
      body: { faults: [{ ...reply, select: { next: 1 }, fired: 0 }] },
    })

    await expect(send('ada@example.com')).rejects.toThrow('451 later')
    await send('ada@example.com')
    expect(await ask(emulator, 'GET', '/faults')).toEqual({ status: 200, body: { faults: [] } })
  })

  test('take the place of those before', async () => {
    emulator = await createMailgunEmulator()
    await ask(emulator, 'PUT', '/faults', [drop])
    const others = [{ every: 3 }, { chance: 0.5 }, 'always'].map((select) => ({ ...drop, select }))

    const { body } = await ask(emulator, 'PUT', '/faults', others)

    expect(body).toEqual({ faults: others.map((other) => ({ ...other, fired: 0 })) })
  })

  test('are called up one by one beside the others by POST', async () => {
    emulator = await createMailgunEmulator()
    const reply = { fault: { at: 'data', reply: [451, 'later'] }, select: 'always' }
    await ask(emulator, 'PUT', '/faults', [drop])

    const { body } = await ask(emulator, 'POST', '/faults', reply)

    expect(body).toMatchObject({ faults: [drop, reply] })
    expect(await ask(emulator, 'POST', '/faults', { fault: { at: 'mail' } })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('A fault has one action') as unknown },
    })
  })

  test('number a thousand at most, however they are called up', async () => {
    emulator = await createMailgunEmulator()
    await ask(emulator, 'PUT', '/faults', Array(1_000).fill(drop))

    expect(await ask(emulator, 'POST', '/faults', drop)).toMatchObject({
      status: 400,
      body: { message: 'There are 1000 faults already: remove some.' },
    })
  })

  test('are removed by DELETE', async () => {
    emulator = await createMailgunEmulator()
    await ask(emulator, 'PUT', '/faults', [drop])

    expect(await ask(emulator, 'DELETE', '/faults')).toEqual({ status: 204, body: undefined })
    await send('ada@example.com')
  })

  test.each([
    ['one that is no list', {}, 'Faults are a list'],
    ['no body', undefined, 'Faults are a list'],
    ['no JSON', '[', 'The body is not JSON.'],
    ['no fault', [drop, {}], 'A fault is an object'],
    ['an entry that is none', [null], 'An entry is'],
    ['an empty cell', [{ fault: { at: 'tls', split: true } }], 'There is no split at tls'],
    ['a count of none', [{ ...drop, select: { next: 0 } }], 'next takes a whole number'],
    ['two selections', [{ ...drop, select: { next: 1, every: 2 } }], 'select is'],
    ['a selection by function', [{ ...drop, select: 'when' }], 'select is'],
  ])('refuse %s, and stay as they were', async (_, body, sentence) => {
    emulator = await createMailgunEmulator()
    await ask(emulator, 'PUT', '/faults', [drop])

    expect(await ask(emulator, 'PUT', '/faults', body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(sentence) as unknown },
    })
    expect(await ask(emulator, 'GET', '/faults')).toMatchObject({ body: { faults: [drop] } })
  })

  test('refuse a body beyond 1 MB', async () => {
    emulator = await createMailgunEmulator()

    expect(await ask(emulator, 'PUT', '/faults', `"${'x'.repeat(1_000_000)}"`)).toMatchObject({
      status: 413,
    })
  })

  test('show bytes as text', async () => {
    emulator = await createMailgunEmulator()
    emulator.faults.always({ at: 'ehlo', garbage: new Uint8Array([65, 255]) })

    expect(await ask(emulator, 'GET', '/faults')).toMatchObject({
      body: { faults: [{ fault: { at: 'ehlo', garbage: 'Aÿ' }, select: 'always' }] },
    })
  })

  test('cannot be put by a page of another site', async () => {
    emulator = await createMailgunEmulator()

    const { status } = await fetch(`${emulator.httpUrl}/emulator/v1/faults`, {
      method: 'PUT',
      body: '[]',
    })

    expect(status).toBe(403)
  })
})

describe('the clock', () => {
  test('moves when it is virtual', async () => {
    emulator = await createMailgunEmulator({ clock: 'virtual' })
    const before = emulator.clock.now().getTime()

    const { status, body } = await ask(emulator, 'POST', '/clock', { advance: '3h' })

    const now = new Date(before + 10_800_000).toISOString()
    expect({ status, body }).toEqual({ status: 200, body: { clock: 'virtual', now } })
    expect(await ask(emulator, 'GET', '/clock')).toMatchObject({ body: { now } })
  })

  test('does not move when it is real', async () => {
    emulator = await createMailgunEmulator()

    expect(await ask(emulator, 'GET', '/clock')).toMatchObject({ body: { clock: 'real' } })
    expect(await ask(emulator, 'POST', '/clock', { advance: '3h' })).toMatchObject({ status: 409 })
  })

  test.each([[{}], [undefined], [{ advance: 'soon' }], [{ advance: -1 }], ['{"advance":1e999}']])(
    'refuses %j',
    async (body) => {
      emulator = await createMailgunEmulator({ clock: 'virtual' })
      const before = emulator.clock.now()

      expect(await ask(emulator, 'POST', '/clock', body)).toMatchObject({ status: 400 })
      expect(emulator.clock.now()).toEqual(before)
    },
  )
})
