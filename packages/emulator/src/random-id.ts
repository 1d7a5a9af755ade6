import { randomFillSync } from 'node:crypto'

// A call for random bytes costs more than what is made of them.
const ahead = Buffer.alloc(4_096)
let used = ahead.length

/** Random, in hexadecimal digits: two for each byte. */
export function randomId(bytes: number): string {
  if (used + bytes > ahead.length) {
    randomFillSync(ahead)
    used = 0
  }
  const id = ahead.toString('hex', used, used + bytes)
  used += bytes
  return id
}
