import { describe, expect, test } from 'vitest'
import { escapeRecipientVariables } from '../../src/options/escape.ts'
import { usedVariables } from '../../src/batch/placeholders.ts'

describe('escapeRecipientVariables', () => {
  test.each([
    '%recipient%',
    '%recipient_email%',
    '%recipient.secret%',
    '%Recipient.Secret%',
    '%unsubscribe_url%',
    '%unsubscribe_email%',
    '%tag_unsubscribe_url%',
    '%mailing_list_unsubscribe_url%',
    '%%recipient.a%%',
    'now%recipient.a%%recipient.b%',
    'cut off at its end: %recipient',
  ])('%s is not a placeholder any more, and reads the same', (text) => {
    const escaped = escapeRecipientVariables(text)

    expect(escaped).not.toMatch(/%(?:recipient|unsubscribe|tag_|mailing_)/i)
    expect(escaped.replaceAll('\u2060', '')).toBe(text)
  })

  test.each([
    '100 % of our recipients',
    '5%',
    'https://example.com/?q=%C3%A4',
    '%recipients%',
    'recipient.secret',
    '',
  ])('%j stays as it is', (text) => {
    expect(escapeRecipientVariables(text)).toBe(text)
  })

  test('escaping twice is escaping once', () => {
    const once = escapeRecipientVariables('%recipient.a% and %recipient.b%')

    expect(escapeRecipientVariables(once)).toBe(once)
  })

  test('what was escaped is not taken for a variable', () => {
    const text = escapeRecipientVariables('%recipient.secret%')

    expect(usedVariables({ text, subject: text }).everywhere.size).toBe(0)
  })
})

describe('the variables that a message uses', () => {
  test('are found wherever Mailgun puts them in', () => {
    const { everywhere, inHeader } = usedVariables({
      subject: '%recipient.subject%',
      from: { name: '%recipient.from%', address: 'a@example.com' },
      headers: [{ key: 'X-Own', value: '%recipient.header%' }],
      list: { unsubscribe: 'https://example.com/%recipient.list%' },
      mailgun: { variables: { user: { id: '%recipient.variable%' } } },
      text: '%recipient.text% %recipient.with space% %recipient_email% %recipient.\n%',
      html: Buffer.from('%recipient.html%'),
      alternatives: [{ content: Buffer.from('%recipient.alternative%') }],
      attachments: [{ content: '%recipient.attachment%' }],
    })

    const headers = ['subject', 'from', 'header', 'list', 'variable']
    const always = ['recipient_name']
    const bodies = ['text', 'with space', 'html', 'alternative', 'attachment']
    expect([...everywhere].toSorted()).toEqual([...headers, ...bodies].toSorted())
    expect([...inHeader.keys()].toSorted()).toEqual([...headers, ...always].toSorted())
  })

  test('a message that holds itself is looked through once', () => {
    const variables: Record<string, unknown> = { text: '%recipient.a%' }
    variables.left = variables
    variables.right = variables

    expect(usedVariables({ mailgun: { variables: variables as never } }).everywhere).toEqual(
      new Set(['a']),
    )
  })
})
