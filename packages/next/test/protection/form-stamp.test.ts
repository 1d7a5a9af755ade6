import { describe, expect, test } from 'vitest'
import { createFormStamp } from '../../src/protection/form-stamp.ts'

const secret = 'a secret of thirty-two characters'
const now = Date.UTC(2026, 4, 4)
const stamp = createFormStamp({ secret })
const issued = stamp.issue(now)

describe('a form stamp', () => {
  test('holds from two seconds on, for a day', () => {
    expect(stamp.judge([issued], now + 1999)).toEqual({ verdict: 'too-soon', retryAfter: 1 })
    expect(stamp.judge([issued], now)).toEqual({ verdict: 'too-soon', retryAfter: 2 })
    expect(stamp.judge([issued], now + 2000)).toEqual({ verdict: 'valid' })
    expect(stamp.judge([issued], now + 86_400_000)).toEqual({ verdict: 'valid' })
    expect(stamp.judge([issued], now + 86_400_001)).toEqual({ verdict: 'invalid' })
  })

  test('holds for as long as the app says', () => {
    const quick = createFormStamp({ secret, minAge: 0, maxAge: 1000 })

    expect(quick.judge([quick.issue(now)], now)).toEqual({ verdict: 'valid' })
    expect(quick.judge([quick.issue(now)], now + 1001)).toEqual({ verdict: 'invalid' })
  })

  test.each<[string, readonly unknown[]]>([
    ['none', []],
    ['two', [issued, issued]],
    ['a file', [new File([issued], issued)]],
    ['an empty one', ['']],
    ['one without a signature', [issued.slice(0, -44)]],
    ['one with a cut signature', [issued.slice(0, -1)]],
    ['one of another time', [`${(now + 5000).toString(36)}${issued.slice(issued.indexOf('.'))}`]],
    ['one of another secret', [createFormStamp({ secret: secret.toUpperCase() }).issue(now)]],
    ['one with more behind it', [`${issued}x`]],
  ])('does not hold: %s', (_, values) => {
    expect(stamp.judge(values, now + 5000)).toEqual({ verdict: 'invalid' })
  })

  test('asks for its secret when it is needed, and refuses a short one', () => {
    let given: string | undefined
    const late = createFormStamp({ secret: () => given, name: 'seal' })

    expect(late.name).toBe('seal')
    expect(() => late.issue(now)).toThrow(/32 characters/)
    expect(() => late.judge([issued], now)).toThrow(/32 characters/)
    given = 'short'
    expect(() => late.issue(now)).toThrow(/^(?!.*'short')/)
    given = secret
    expect(stamp.judge([late.issue(now)], now + 5000)).toEqual({ verdict: 'valid' })
  })
})
