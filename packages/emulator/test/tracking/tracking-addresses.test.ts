import { expect, test } from 'vitest'
import { TrackingAddresses } from '../../src/tracking/tracking-addresses.ts'

const copyId = '0123456789abcdef01234567-1000'

function tokenOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1)
}

test('an address is read back only by the emulator that made it', () => {
  const own = new TrackingAddresses(() => undefined)
  const other = new TrackingAddresses(() => undefined)

  const token = tokenOf(own.make('c', 'mg.example.com', { copyId, link: 7 }))

  expect(own.read('c', token)).toEqual({ copyId, link: 7 })
  expect(own.read('o', token)).toBeUndefined()
  expect(other.read('c', token)).toBeUndefined()
})

test('a token that was changed anywhere is none', () => {
  const addresses = new TrackingAddresses(() => undefined)
  const token = tokenOf(addresses.make('c', 'mg.example.com', { copyId, link: 0 }))

  for (const at of Array(token.length).keys()) {
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    expect(addresses.read('c', changed)).toBeUndefined()
  }
  for (const forged of ['', 'x', '!'.repeat(48), 'é'.repeat(48), `${token}A`, token.slice(1)]) {
    expect(addresses.read('c', forged)).toBeUndefined()
  }
})

test.each([
  ['mg.example.com', 'http://email.mg.example.com/o/'],
  ['bücher.example', 'http://email.xn--bcher-kva.example/o/'],
  ['', 'http://email.localhost/o/'],
  ['a"><script>.example', 'http://email.localhost/o/'],
])(
  'without a server of our own, the address of the domain %j is of Mailgun’s form',
  (domain, start) => {
    const address = new TrackingAddresses(() => undefined).make('o', domain, { copyId, link: 0 })

    expect(address.startsWith(start)).toBe(true)
    expect(address.slice(start.length)).toMatch(/^[\w-]{48}$/)
  },
)
