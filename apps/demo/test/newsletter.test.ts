import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { mailgun } from '@mailgun-smtp/express'
import express from 'express'
import { describe, expect, it, vi } from 'vitest'
import { newsletterRoute } from '../src/express/newsletter-route.ts'
import { paragraphs, readNewsletter, tomorrowAt } from '../src/express/newsletter.ts'
import { UnusableForm } from '../src/shop/form.ts'
import { placesVariable } from '../src/shop/places.ts'
import { mostPeople } from '../src/shop/people.ts'

const filledIn = { people: 'Ada <ada@example.com>', subject: 'Hello', text: 'Dear you' }

function problemsOf(form: object): unknown {
  try {
    readNewsletter({ ...filledIn, ...form })
    return undefined
  } catch (error) {
    return error instanceof UnusableForm ? error.problems : error
  }
}

describe('the newsletter form', () => {
  it('gives people, subject and text', () => {
    const { people, ...letter } = readNewsletter(filledIn)

    expect(people.map(({ address }) => address)).toEqual(['ada@example.com'])
    expect(letter).toEqual({ subject: 'Hello', text: 'Dear you' })
  })

  it('names the line that cannot be used', () => {
    expect(problemsOf({ people: 'ada@example.com\r\nnobody' })).toEqual({
      people: 'Line 2 is not a name and an address: Ada Lovelace <ada@example.com>.',
    })
  })

  it('wants every field', () => {
    expect(Object.keys(problemsOf({ people: ' ', subject: '', text: ['a'] }) as object)).toEqual([
      'people',
      'subject',
      'text',
    ])
  })

  it('writes to a limited number', () => {
    const crowd = (count: number) => ({
      people: Array.from({ length: count }, (_, index) => `p${index}@example.com`).join('\n'),
    })

    expect(problemsOf(crowd(mostPeople))).toBeUndefined()
    expect(problemsOf(crowd(mostPeople + 1))).toEqual({ people: 'At most 50 people, please.' })
  })
})

describe('tomorrow at nine', () => {
  it.each([
    [new Date(2026, 10, 23, 0, 0), new Date(2026, 10, 24, 9)],
    [new Date(2026, 11, 31, 23, 59), new Date(2027, 0, 1, 9)],
    // The clocks change in this night, in one half of the world or the other.
    [new Date(2026, 2, 28, 12), new Date(2026, 2, 29, 9)],
    [new Date(2026, 9, 24, 12), new Date(2026, 9, 25, 9)],
  ])('after %s is %s', (now, then) => {
    expect(tomorrowAt(9, now)).toEqual(then)
  })
})

it('empty lines separate paragraphs', () => {
  expect(paragraphs('a\nb\n\n\nc\n\n \n\nd')).toEqual(['a\nb', 'c', 'd'])
})

it('the newsletter shows each person their own name, and no other', async () => {
  await using emulator = await createMailgunEmulator({ httpPort: false, clock: 'virtual' })
  const places = { shop: '', accounts: '', contact: '', smtp: '', domain: 'mg.example.com' }
  vi.stubEnv('DEMO_PLACES', placesVariable(places)['DEMO_PLACES'])
  const mail = mailgun(emulator.transport)
  const app = express().use(express.urlencoded({ extended: false }), mail, newsletterRoute)
  const server = mail.attach(app.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const people = 'Ada Lovelace <ada@mg.example.com>\n"Turing, Alan" <alan@mg.example.com>'
  const body = new URLSearchParams({ people, subject: 'Hi %recipient.first%', text: 'Hello.' })
  const { port } = server.address() as AddressInfo

  const answer = await fetch(`http://127.0.0.1:${port}/newsletter`, {
    method: 'POST',
    body,
    redirect: 'manual',
  })
  await new Promise((resolve) => server.close(resolve))
  await mail.close()
  vi.unstubAllEnvs()

  expect(answer.status).toBe(303)
  // The newsletter is for tomorrow.
  emulator.clock.advance('2d')
  const copies = emulator.copies.map(({ recipient, subject, headers }) => ({
    recipient,
    subject,
    to: headers.find(([name]) => name === 'To')?.[1],
  }))
  expect(copies).toEqual([
    { recipient: 'ada@mg.example.com', subject: 'Hi Ada', to: 'Ada Lovelace <ada@mg.example.com>' },
    {
      recipient: 'alan@mg.example.com',
      subject: 'Hi Alan',
      to: '"Turing, Alan" <alan@mg.example.com>',
    },
  ])
})
