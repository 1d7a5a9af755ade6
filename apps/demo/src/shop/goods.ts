/** Something the shop sells. */
export interface Article {
  readonly id: string
  readonly name: string
  readonly detail: string
  /** In cents. */
  readonly price: number
}

export const articles: readonly Article[] = [
  {
    id: 'notebook',
    name: 'Field notebook',
    detail: '96 pages, sewn, opens flat',
    price: 1800,
  },
  {
    id: 'letters',
    name: 'Letter set',
    detail: '20 sheets, 20 lined envelopes',
    price: 2400,
  },
  {
    id: 'ink',
    name: 'Iron gall ink',
    detail: '30 ml, darkens as it dries',
    price: 1400,
  },
]

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

/** An amount of cents, as the shop writes it. */
export function money(cents: number): string {
  return euros.format(cents / 100)
}
