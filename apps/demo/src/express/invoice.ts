import { brand, trade } from '../shop/brand.ts'
import { receiptLines, type Order } from './order.ts'
import { PdfPage } from './pdf.ts'

const left = 72
const right = 523

/** The invoice of an order, as an attached PDF. */
export function invoice(order: Order): { filename: string; content: Buffer } {
  return { filename: `invoice-${order.number}.pdf`, content: draw(order) }
}

function draw(order: Order): Buffer {
  const page = new PdfPage()
    .text(left, 752, 24, brand)
    .text(left, 734, 11, trade, { font: 'italic', grey: 0.4 })
    .text(left, 660, 11, order.name)
    .text(left, 644, 11, order.email, { grey: 0.4 })
    .text(left, 588, 16, `Invoice ${order.number}`)
    .text(left, 570, 11, `${receiptLines(order).placed}, amounts in euro`, { grey: 0.4 })
    .rule(left, right, 540, 1)
  const rows: readonly (readonly [label: string, cents: number])[] = [
    [`${order.quantity} × ${order.article.name}, ${order.article.detail}`, order.goods],
    ['Postage', order.postage],
  ]
  rows.forEach(([label, cents], index) => {
    const y = 516 - index * 30
    page
      .text(left, y, 11, label)
      .text(right, y, 11, amount(cents), { align: 'right' })
      .rule(left, right, y - 12)
  })
  const y = 516 - rows.length * 30
  return page
    .text(left, y, 12, 'Total', { font: 'bold' })
    .text(right, y, 12, amount(order.total), { font: 'bold', align: 'right' })
    .text(left, 96, 9, `${brand} is invented, and so is this invoice.`, { grey: 0.5 })
    .toBuffer(`Invoice ${order.number}`)
}

function amount(cents: number): string {
  return (cents / 100).toFixed(2)
}
