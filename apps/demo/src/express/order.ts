import { randomBytes } from 'node:crypto'
import { brand } from '../shop/brand.ts'
import { readValues, required, UnusableForm } from '../shop/form.ts'
import { articles, money, type Article } from '../shop/goods.ts'

/** What a customer bought. Amounts are in cents. */
export interface Order {
  readonly number: string
  readonly placed: Date
  readonly name: string
  readonly email: string
  readonly article: Article
  readonly quantity: number
  readonly goods: number
  readonly postage: number
  readonly total: number
}

const freePostageFrom = 5000
const postageBelow = 450

/**
 * Reads the order form.
 *
 * @throws {UnusableForm} if it is not filled in.
 */
export function readOrder(body: unknown, placed: Date = new Date()): Order {
  const values = readValues(body)
  const { name, email } = required(values, {
    name: 'To whom may we send it?',
    email: 'Where may the receipt go?',
  })
  const article = articles.find(({ id }) => id === values.article)
  if (!article) throw new UnusableForm({ article: 'Choose something from the shelf.' })
  const quantity = Number(values.quantity)
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 12) {
    throw new UnusableForm({ quantity: 'From 1 to 12: we bind them by hand.' })
  }
  const goods = article.price * quantity
  const postage = goods >= freePostageFrom ? 0 : postageBelow
  return {
    number: `${placed.getFullYear() % 100}-${randomBytes(3).toString('hex').toUpperCase()}`,
    placed,
    name,
    email,
    article,
    quantity,
    goods,
    postage,
    total: goods + postage,
  }
}

type ReceiptLine =
  | 'brand'
  | 'number'
  | 'placed'
  | 'name'
  | 'quantity'
  | 'article'
  | 'detail'
  | 'goods'
  | 'postage'
  | 'total'

const day = new Intl.DateTimeFormat('en-IE', { dateStyle: 'long' })

/** The order as the strings of its receipt, by the names that the view uses. */
export function receiptLines(order: Order): Record<ReceiptLine, string> {
  return {
    brand,
    number: order.number,
    placed: day.format(order.placed),
    name: order.name,
    quantity: String(order.quantity),
    article: order.article.name,
    detail: order.article.detail,
    goods: money(order.goods),
    postage: order.postage === 0 ? 'free' : money(order.postage),
    total: money(order.total),
  }
}

/** The receipt in plain text. */
export function receiptText(order: Order): string {
  const { name, number, quantity, article, goods, postage, total } = receiptLines(order)
  return `Dear ${name},

thank you for your order ${number}. It leaves our bench within three days.

  ${quantity} × ${article}, ${goods}
  Postage, ${postage}
  Total, ${total}

The invoice is attached.

${brand}
`
}
