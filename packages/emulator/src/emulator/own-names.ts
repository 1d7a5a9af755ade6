import { hostname, networkInterfaces } from 'node:os'

/** The addresses by which other machines reach this one, IPv4 first. */
export function remoteAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .toSorted((one, other) => one.family.localeCompare(other.family))
    .map(({ address }) => address)
}

/** What other machines may know this one by: its name and its addresses. */
export function ownNames(): readonly string[] {
  const name = hostname().toLowerCase()
  return [...(/^[a-z\d.-]{1,253}$/.test(name) ? [name] : []), ...remoteAddresses()]
}
