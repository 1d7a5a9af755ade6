import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock.ts'
import { SessionRecords } from '../../src/records/session-records.ts'

test('keeps how a long session began and what came last, and counts the rest', () => {
  const records = new SessionRecords({ linesPerSession: 8 })
  const transcript = records.open('a', 'starttls')

  for (let at = 1; at <= 20; at++) transcript.write('client', String(at))

  const record = records.find('a')
  const texts = record?.lines.map(({ text }) => text) ?? []
  expect(texts.slice(0, 2)).toEqual(['1', '2'])
  expect(texts.at(-1)).toBe('20')
  expect(texts.length).toBeLessThanOrEqual(8)
  expect(texts.length + (record?.omitted ?? 0)).toBe(20)
})

test('forgets the oldest sessions, by lines and by number, and counts them', () => {
  const byLines = new SessionRecords({ lines: 50 })
  const byNumber = new SessionRecords({ sessions: 10 })
  for (let at = 1; at <= 100; at++) {
    byNumber.open(String(at), 'implicit')
    const transcript = byLines.open(String(at), 'implicit')
    for (let line = 0; line < 5; line++) transcript.write('server', 'x')
  }

  const lines = byLines.list().flatMap((record) => record.lines)
  expect(lines.length).toBeLessThanOrEqual(50)
  expect(byLines.list().length + byLines.forgotten).toBe(100)
  expect(byLines.find('100')).toBeDefined()
  expect(byLines.find('1')).toBeUndefined()
  expect(byNumber.list().length).toBeLessThanOrEqual(10)
  expect(byNumber.list().length + byNumber.forgotten).toBe(100)
})

test('a session that talks on after it was forgotten counts for nothing', () => {
  const records = new SessionRecords({ lines: 10, linesPerSession: 100 })
  const old = records.open('old', 'starttls')
  const young = records.open('young', 'starttls')
  for (let line = 0; line < 11; line++) young.write('server', 'x')
  expect(records.find('old')).toBeUndefined()

  for (let line = 0; line < 50; line++) old.write('server', 'x')

  expect(records.list().map(({ id }) => id)).toEqual(['young'])
})

test('tells when a session was, by the clock, and is plain when it becomes JSON', () => {
  const clock = new VirtualClock()
  const records = new SessionRecords({}, clock)
  const transcript = records.open('a', 'implicit')
  const openedAt = clock.now()
  clock.advance('1m')
  transcript.write('client', 'tab\t esc\u001b[31m')
  records.close(transcript)

  expect(JSON.parse(JSON.stringify(records.list()))).toEqual([
    {
      id: 'a',
      port: 'implicit',
      openedAt: openedAt.toISOString(),
      closedAt: clock.now().toISOString(),
      lines: [{ at: expect.any(Number) as number, from: 'client', text: 'tab\\x09 esc\\x1b[31m' }],
      omitted: 0,
    },
  ])
})

test('shows a line without its end, and of a long one the beginning', () => {
  const records = new SessionRecords()
  const transcript = records.open('a', 'starttls')
  transcript.write('server', '250 OK\r\n')
  transcript.write('client', `NOOP ${'x'.repeat(10_000)}`, true)

  expect(records.find('a')?.lines).toEqual([
    { at: expect.any(Number) as number, from: 'server', text: '250 OK' },
    {
      at: expect.any(Number) as number,
      from: 'client',
      text: `NOOP ${'x'.repeat(495)}…`,
      pipelined: true,
    },
  ])
})
