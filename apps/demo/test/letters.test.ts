import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderView } from '../src/express/view-engine.ts'
import { readOrder, receiptLines } from '../src/express/order.ts'
import { letter } from '../src/shop/letter.ts'
import { inboxLink } from '../src/shop/places.ts'
import { SentMail } from '../src/shop/sent-mail.ts'

const hostile = `<script>alert('1')</script> & "co"`
const shown = '&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;co&quot;'

const view = (path: string, locals: object): Promise<string> =>
  new Promise((resolve, reject) => {
    renderView(join(import.meta.dirname, '..', path), locals, (error, html) => {
      if (error) reject(error as Error)
      else resolve(html ?? '')
    })
  })

const receipt = 'src/express/views/receipt.html'
const order = { name: hostile, email: 'a@example.com', article: 'ink', quantity: '1' }

describe('the view of the receipt', () => {
  it('shows every text as text', async () => {
    const html = await view(receipt, receiptLines(readOrder(order)))

    expect(html).toContain(shown)
    expect(html).not.toContain('{{')
  })

  it('puts a name with dollar signs in place as it is', async () => {
    const html = await view(receipt, receiptLines(readOrder({ ...order, name: "$& $1 $' $`" })))

    expect(html).toContain('Thank you, $&amp; $1 $&#39; $`.')
  })

  it('says which fields it lacks', async () => {
    const { total: _total, ...rest } = receiptLines(readOrder(order))

    await expect(view(receipt, rest)).rejects.toThrow('needs values for total')
  })

  it('fails in words if it is not there', async () => {
    await expect(view('src/express/views/none.html', {})).rejects.toThrow('none.html')
  })
})

it('a letter shows every text as text', () => {
  const html = letter(hostile, [`${hostile}\nb`])

  expect(html.split(shown)).toHaveLength(4)
  expect(html).toContain(`${shown}<br>b`)
  expect(html).not.toContain('<script>')
})

it('the link to a message survives what a Message-ID may hold', () => {
  expect(inboxLink('http://127.0.0.1:1', '<a/b#c?d%@example.com>')).toBe(
    'http://127.0.0.1:1/#/message-id/%3Ca%2Fb%23c%3Fd%25%40example.com%3E',
  )
})

it('confirmations are kept a hundred at a time', () => {
  const sent = new SentMail()
  const keep = () =>
    sent.keep({
      messageId: '<1@example.com>',
      envelope: { from: '', to: [] },
      recipients: [],
      accepted: ['a@example.com'],
      refused: [],
      reply: { code: 250, text: 'Great success' },
      attempts: 1,
    })

  const first = keep()
  expect(sent.find(first)).toMatchObject({ accepted: 1, reply: '250 Great success' })
  const others = Array.from({ length: 100 }, keep)

  expect(sent.find(first)).toBeUndefined()
  expect(sent.find(others[0])).toBeDefined()
  expect(sent.find(undefined)).toBeUndefined()
})
