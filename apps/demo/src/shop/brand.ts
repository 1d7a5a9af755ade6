import { readPlaces } from './places.ts'

/** The shop's name. */
export const brand = 'Deckle'

/** What it sells, in a line. */
export const trade = 'Paper, thread and ink'

/** A mailbox of the shop in the sending domain, such as `orders@mg.example.com`. */
export function shopMailbox(local: 'hello' | 'orders' | 'post'): { name: string; address: string } {
  return { name: brand, address: `${local}@${readPlaces().domain}` }
}
