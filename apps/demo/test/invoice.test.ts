import { describe, expect, it } from 'vitest'
import { invoice } from '../src/express/invoice.ts'
import { readOrder } from '../src/express/order.ts'
import { UnusableForm } from '../src/shop/form.ts'

const form = { name: 'Ada', email: 'ada@example.com', article: 'ink', quantity: '3' }

/** The texts of the invoice's page, in their order. PDF writes the letters of a text as hexadecimal numbers. */
async function texts(name: string): Promise<readonly string[]> {
  const { content } = await invoice(readOrder({ ...form, name }))
  const drawn = content.toString('latin1').matchAll(/\[([^\]]*)\] TJ/g)
  return Array.from(drawn, ([, letters = '']) =>
    Array.from(letters.matchAll(/<([\da-f]*)>/g), ([, hex = '']) =>
      Buffer.from(hex, 'hex').toString('latin1'),
    ).join(''),
  )
}

describe('the invoice', () => {
  it('is a PDF with the number of the order in its name', async () => {
    const order = readOrder(form)
    const { filename, content } = await invoice(order)

    expect(filename).toBe(`invoice-${order.number}.pdf`)
    expect(content.toString('latin1')).toMatch(/^%PDF-[\s\S]*%%EOF\s*$/)
  })

  it('shows what was bought', async () => {
    expect(await texts('Ada')).toEqual(
      expect.arrayContaining(['Ada', 'ada@example.com', 'Postage', '42.00', '4.50', '46.50']),
    )
    expect((await texts('Ada')).join('\n')).toContain('3 × Iron gall ink')
  })

  it('writes the letters its fonts have, the bare ones of others, and question marks', async () => {
    expect(await texts('Zoë €“š Ćž 李 😀 \u0001)')).toContain('Zoë \x80\x93\x9a C\x9e ? ? ?)')
  })
})

describe('an order', () => {
  it('is free of postage from fifty euro', () => {
    expect(readOrder({ ...form, quantity: '3' })).toMatchObject({ postage: 450, total: 4650 })
    expect(readOrder({ ...form, quantity: '4' })).toMatchObject({ postage: 0, total: 5600 })
  })

  it.each(['0', '13', '1.5', '-1', '1e3', 'many', ''])('refuses %j pieces', (quantity) => {
    expect(() => readOrder({ ...form, quantity })).toThrow(UnusableForm)
  })

  it('sells what is on the shelf only', () => {
    expect(() => readOrder({ ...form, article: '__proto__' })).toThrow(UnusableForm)
  })
})
