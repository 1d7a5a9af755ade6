import { describe, expect, test } from 'vitest'
import { ByteBudget } from '../../src/smtp/byte-budget.ts'
import { MessageReader } from '../../src/smtp/message-reader.ts'

/** Reads the bytes cut at a place; what is left after the message comes back as text. */
function read(
  bytes: string,
  cutAt = bytes.length,
  limit = 1_000,
): { message: string | undefined; rest: string } | undefined {
  const reader = new MessageReader(limit, new ByteBudget(1_000))
  const all = Buffer.from(bytes, 'latin1')
  let at = 0
  for (const chunk of [all.subarray(0, cutAt), all.subarray(cutAt)]) {
    const end = reader.push(chunk)
    if (end) {
      const { message } = end
      return {
        message: 'raw' in message ? message.raw.toString('latin1') : undefined,
        rest: all.toString('latin1', at + end.consumed),
      }
    }
    at += chunk.length
  }
  return undefined
}

describe('the end of a message', () => {
  const cases: readonly (readonly [title: string, bytes: string, message: string])[] = [
    ['is a lone dot', 'a\r\n.\r\n', 'a\r\n'],
    ['may come at once', '.\r\n', ''],
    ['takes one dot off each line', '..a\r\n...\r\nb.\r\n..\r\n.\r\n', '.a\r\n..\r\nb.\r\n.\r\n'],
    ['leaves a dot after a bare LF', 'a\n..b\r\n.\r\n', 'a\n..b\r\n'],
    ['takes a dot off a line that has more', '.a\r\n.\r\n', 'a\r\n'],
    ['is not LF dot LF', 'a\n.\nMAIL FROM:<x@y.z>\r\n.\r\n', 'a\n.\nMAIL FROM:<x@y.z>\r\n'],
    ['is not LF dot CRLF', 'a\n.\r\nb\r\n.\r\n', 'a\n.\r\nb\r\n'],
    ['is not CRLF dot LF', 'a\r\n.\nb\r\n.\r\n', 'a\r\n\nb\r\n'],
    ['is not CR dot CR', 'a\r.\rb\r\n.\r\n', 'a\r.\rb\r\n'],
  ]

  test.each(cases)('%s, wherever the bytes are cut', (_, bytes, message) => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read(`${bytes}NOOP\r\n`, cut)).toEqual({ message, rest: 'NOOP\r\n' })
    }
  })

  test('does not come before its last byte', () => {
    expect(read('a\r\n.\r')).toBeUndefined()
  })

  test('is found byte by byte', () => {
    const reader = new MessageReader(100, new ByteBudget(1_000))
    const ends = [...Buffer.from('a\r\n..\r\n.\r\n')].map((byte) =>
      reader.push(Buffer.from([byte])),
    )

    expect(ends.filter(Boolean)).toEqual([
      { message: { raw: Buffer.from('a\r\n.\r\n') }, consumed: 1 },
    ])
  })

  test('is found after a message over the limit, of which nothing is kept', () => {
    const bytes = `${'x'.repeat(48)}\r\n.\r\n`

    expect(read(bytes, 10, 50)?.message).toHaveLength(50)
    expect(read(bytes, 10, 49)).toEqual({ message: undefined, rest: '' })
  })

  test('gives back what it took of a shared budget, kept or not', () => {
    const budget = new ByteBudget(60)
    const first = new MessageReader(100, budget)
    const second = new MessageReader(100, budget)
    first.push(Buffer.alloc(40))
    second.push(Buffer.alloc(30))

    expect(second.push(Buffer.from('\r\n.\r\n'))?.message).toEqual({ unkept: 'room' })
    expect(first.push(Buffer.from('\r\n.\r\n'))?.message).toMatchObject({
      raw: expect.any(Buffer) as Buffer,
    })

    const third = new MessageReader(100, budget)
    third.push(Buffer.alloc(60))
    third.forget()
    expect(budget.take(60)).toBe(true)
    expect(budget.take(1)).toBe(false)
  })
})
