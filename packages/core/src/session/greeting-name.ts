import { hostname } from 'node:os'

/** The name to greet a server with: the machine's, if it is a whole one. RFC 5321 §4.1.4 has an address in brackets otherwise. */
export function greetingName(): string {
  const name = hostname()
  return /^[\w-]+(?:\.[\w-]+)+$/.test(name) ? name : '[127.0.0.1]'
}
