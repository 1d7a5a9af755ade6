import { expect, it } from 'vitest'
import { byteSize } from '../../words/byte-size.ts'

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 KB'],
  [1437, '1.4 KB'],
  [48_213, '48 KB'],
  [999_700, '1.0 MB'],
  [26_214_400, '26 MB'],
])('writes %d bytes as %j', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text)
})
