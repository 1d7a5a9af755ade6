import { describe, expect, it } from 'vitest'
import { invoice } from '../src/express/invoice.ts'
import { readOrder } from '../src/express/order.ts'
import { UnusableForm } from '../src/shop/form.ts'

const form = { name: 'Ada', email: 'ada@example.com', article: 'ink', quantity: '3' }

function draw(name: string): string {
  return invoice(readOrder({ ...form, name })).content.toString('latin1')
}

describe('the invoice', () => {
  it('has each object where its table says', () => {
    const pdf = draw('Ada')
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1])
    const offsets = Array.from(pdf.slice(start).matchAll(/^(\d{10}) 00000 n $/gm), ([, offset]) =>
      Number(offset),
    )

    expect(pdf.slice(start, start + 5)).toBe('xref\n')
    expect(offsets.length).toBeGreaterThan(5)
    offsets.forEach((offset, index) => {
      expect(pdf.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj\\n`))
    })
  })

  it('states the true length of its drawing', () => {
    const [, length, drawing] = /\/Length (\d+) >>\nstream\n([\s\S]*)\nendstream/.exec(
      draw('€ ü “'),
    ) as unknown as [string, string, string]

    expect(drawing).toHaveLength(Number(length))
  })

  it('shows what was bought', () => {
    const pdf = draw('Ada')

    for (const text of ['Ada', 'Iron gall ink', '42.00', '4.50', '46.50']) {
      expect(pdf).toContain(text)
    }
  })

  it('lets no name end its string', () => {
    expect(draw(String.raw`Ada) Tj (\ (`)).toContain(String.raw`(Ada\) Tj \(\\ \() Tj`)
  })

  it('writes the letters its fonts have, the bare ones of others, and question marks', () => {
    expect(draw('Zoë €“š Ćž 李 😀 \u0001')).toContain('(Zoë \x80\x93\x9a C\x9e ? ? ?) Tj')
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
