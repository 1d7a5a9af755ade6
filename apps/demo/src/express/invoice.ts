import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import { brand, trade } from '../shop/brand.ts'
import { receiptLines, type Order } from './order.ts'

// In points, from the upper left corner of A4.
const left = 72
const width = 451

/** The invoice of an order, as an attached PDF. */
export async function invoice(order: Order): Promise<{ filename: string; content: Buffer }> {
  return { filename: `invoice-${order.number}.pdf`, content: await draw(order) }
}

async function draw(order: Order): Promise<Buffer> {
  const title = `Invoice ${order.number}`
  const pdf = new PDFDocument({ size: 'A4', compress: false, info: { Title: title } })
  const write = (y: number, size: number, text: string, { font = 'Times-Roman', grey = 30 } = {}) =>
    pdf
      .font(font)
      .fontSize(size)
      .fillColor([grey, grey, grey])
      .text(printable(text), left, y, { lineBreak: false })
  const amount = (y: number, size: number, cents: number, font = 'Times-Roman') =>
    pdf
      .font(font)
      .fontSize(size)
      .text((cents / 100).toFixed(2), left, y, { width, align: 'right' })
  const rule = (y: number, thickness: number) =>
    pdf
      .moveTo(left, y)
      .lineTo(left + width, y)
      .lineWidth(thickness)
      .stroke([178, 178, 178])

  write(72, 24, brand)
  write(100, 11, trade, { font: 'Times-Italic', grey: 102 })
  write(174, 11, order.name)
  write(190, 11, order.email, { grey: 102 })
  write(242, 16, title)
  write(264, 11, `${receiptLines(order).placed}, amounts in euro`, { grey: 102 })
  rule(302, 1)
  const rows: readonly (readonly [label: string, cents: number])[] = [
    [`${order.quantity} × ${order.article.name}, ${order.article.detail}`, order.goods],
    ['Postage', order.postage],
  ]
  rows.forEach(([label, cents], index) => {
    const y = 317 + index * 30
    write(y, 11, label)
    amount(y, 11, cents)
    rule(y + 20, 0.5)
  })
  const y = 316 + rows.length * 30
  write(y, 12, 'Total', { font: 'Times-Bold' })
  amount(y, 12, order.total, 'Times-Bold')
  write(738, 9, `${brand} is invented, and so is this invoice.`, { grey: 128 })
  pdf.end()
  return await buffer(pdf)
}

/** What PDF's own fonts have: Windows-1252. */
const ownLetter = /[ -~\u00A0-\u00FF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/u

/** The string in letters that PDF's own fonts have. Another letter loses its accent, or becomes a question mark. */
function printable(text: string): string {
  return Array.from(text.normalize('NFC'), (letter) => {
    if (ownLetter.test(letter)) return letter
    const [bare = ''] = letter.normalize('NFKD')
    return ownLetter.test(bare) ? bare : '?'
  }).join('')
}
