import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Inbox, type Retention } from '../../src/inbox/inbox.ts'
import type { Delivery } from '../../src/smtp/policy.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mailgun-emulator-'))
})
afterEach(() => rm(directory, { recursive: true }))

function open(retention: Partial<Retention> = {}): Inbox {
  return new Inbox({ messages: 100, bytes: 1_000_000, directory, ...retention })
}

function mail(subject: string): Delivery {
  return {
    envelope: { from: 'a@mg.example.com', to: ['b@c.d', 'e@f.g'] },
    raw: Buffer.from(`Subject: ${subject}\r\n\r\n\xff bytes\r\n`, 'latin1'),
    session: { id: 's1', secure: 'starttls', tls: 'TLSv1.3', user: 'me@mg.example.com' },
  }
}

const subjects = (inbox: Inbox): readonly string[] =>
  inbox.submissions.map(({ subject }) => subject)

test('mail is there again, as it was and in order', () => {
  const first = open()
  const added = ['1', '2', '3'].map((subject) => first.add(mail(subject)))
  first.close()

  const second = open()
  second.add(mail('4'))

  expect(subjects(second)).toEqual(['1', '2', '3', '4'])
  expect(subjects(open())).toEqual(['1', '2', '3', '4'])
  for (const { id, receivedAt, envelope, session, raw, domain } of added) {
    expect(second.submission(id)).toMatchObject({ receivedAt, envelope, session, domain })
    expect(second.submission(id)?.raw).toEqual(raw)
  }
  expect(second.copies).toHaveLength(8)
})

test('a file holds the mail as received, for the owner alone', async () => {
  const { raw } = open().add(mail('1'))

  const name = (await readdir(directory)).find((each) => each.endsWith('.eml')) ?? ''
  expect(await readFile(join(directory, name))).toEqual(raw)
  expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600)
})

test('what the inbox forgets is gone from the folder', async () => {
  const inbox = open({ messages: 2 })
  for (const subject of ['1', '2', '3']) inbox.add(mail(subject))
  expect(await readdir(directory)).toHaveLength(4)

  expect(subjects(open({ messages: 1 }))).toEqual(['3'])
  open().reset()

  expect(await readdir(directory)).toEqual([])
})

test('other files, links and what cannot be read are left alone', async () => {
  const id = '0'.repeat(24)
  await writeFile(join(directory, 'mine.eml'), 'Subject: mine\r\n\r\n')
  await writeFile(join(directory, `000000001-${id}.eml`), 'Subject: alone\r\n\r\n')
  await writeFile(join(directory, `000000002-${id}.eml`), 'Subject: odd\r\n\r\n')
  await writeFile(join(directory, `000000002-${id}.json`), '{"envelope":{"to":[1]}}')
  await symlink('/etc/hostname', join(directory, `000000003-${id}.eml`))

  const inbox = open()
  expect(inbox.submissions).toEqual([])
  inbox.reset()

  expect(await readdir(directory)).toHaveLength(5)
})

test('mail that cannot be written is not kept', async () => {
  const inbox = open()
  await rm(directory, { recursive: true })

  expect(() => inbox.add(mail('1'))).toThrow('ENOENT')
  expect(inbox.submissions).toEqual([])

  // For the clean-up.
  await mkdir(directory)
})
