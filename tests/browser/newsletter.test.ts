import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { browser, describeInBrowser } from './chromium/browser-tests.ts'
import { confirmedMessageId, ShopVisit } from './shop/shop-visit.ts'

/** Nine o'clock of the day after, here. */
function tomorrowAtNine(): string {
  const now = new Date()
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).toISOString()
}

describeInBrowser('the newsletter', () => {
  let shop: ShopVisit

  beforeAll(async () => {
    shop = await ShopVisit.begin(browser)
  })

  afterAll(async () => {
    await shop?.end()
  })

  afterEach(async () => {
    await shop.closePages()
  })

  beforeEach(async () => {
    await shop.inbox.empty()
  })

  /** Sends the prepared letter to these people. */
  async function send(...people: string[]) {
    const page = await shop.open('Newsletter')
    await page.getByLabel('People', { exact: true }).fill(people.join('\n'))
    await page.getByRole('button').click()
    return page
  }

  it('is one message of which each recipient gets their own copy, tomorrow at nine', async () => {
    const before = tomorrowAtNine()
    const page = await send(
      'Ada Lovelace <ada@example.com>',
      '"Turing, Alan" <alan@example.com>',
      'grace@example.com',
    )
    const [newsletter, ...others] = await shop.inbox.submissions()
    const copies = await Promise.all(
      (newsletter?.messages ?? []).map(({ id }) => shop.inbox.copy(id)),
    )

    expect(others).toEqual([])
    expect(await confirmedMessageId(page)).toBe(newsletter?.messageId)
    expect(await page.getByRole('status').innerText()).toContain('3 recipients')
    expect([before, tomorrowAtNine()]).toContain(newsletter?.deliverBy)
    expect(newsletter?.options).toMatchObject({
      tags: ['newsletter'],
      recipientVariables: {
        'ada@example.com': { first: 'Ada' },
        'alan@example.com': { first: 'Alan' },
        'grace@example.com': { first: 'grace' },
      },
    })
    expect(newsletter?.problems).toEqual([])
    expect(copies.map(({ to, subject }) => [to, subject])).toEqual([
      ['Ada Lovelace <ada@example.com>', 'Ten sheets for you, Ada'],
      ['"Turing, Alan" <alan@example.com>', 'Ten sheets for you, Alan'],
      ['grace@example.com', 'Ten sheets for you, grace'],
    ])
    for (const [index, first] of ['Ada', 'Alan', 'grace'].entries()) {
      const html = await shop.inbox.html(newsletter?.messages[index]?.id ?? '')
      expect(copies[index]?.text).toContain(`Dear ${first},`)
      expect(html).toContain(`Dear ${first},`)
      expect(html).not.toContain('%recipient')
    }
    expect(newsletter?.messages.flatMap(({ unreplaced }) => unreplaced)).toEqual([])
  })

  it('greets people with hostile names, and shows no recipient the others', async () => {
    const people: readonly (readonly [name: string, address: string, first: string])[] = [
      ['<script>alert(1)</script> X', 'a@example.com', 'scriptalert1script'],
      ['"Bcc: eve@example.com"', 'b@example.com', 'Bcc'],
      ['%recipient.first% Smith', 'c@example.com', 'recipient.first'],
      ['=?utf-8?q?Eve?=', 'd@example.com', 'utf-8qEve'],
      ['李 明', 'e@example.com', '李'],
      ["D'Arcy & \u202ESons", 'f@example.com', "D'Arcy"],
      ['}"},"x":{"', 'g@example.com', 'x'],
      ['😀', '__proto__@example.com', 'proto'],
      ['Name '.repeat(200), 'h@example.com', 'Name'],
    ]
    await send(...people.map(([name, address]) => `${name} <${address}>`))
    const newsletter = await shop.inbox.newest()

    expect(newsletter.envelope.to).toEqual(people.map(([, address]) => address))
    expect(newsletter.messages.map(({ subject }) => subject)).toEqual(
      people.map(([, , first]) => `Ten sheets for you, ${first}`),
    )
    const variables = Object.entries(newsletter.options.recipientVariables ?? {})
    expect(variables.map(([address, { first }]) => [address, first])).toEqual(
      people.map(([, address, first]) => [address, first]),
    )
    for (const { id, to } of newsletter.messages) {
      const html = await shop.inbox.html(id)
      expect(html).not.toContain('<script')
      // A name may look like another's address: whom it is for is what is in brackets.
      expect(people.filter(([, address]) => to.endsWith(`<${address}>`))).toHaveLength(1)
    }
  })

  it.each([
    ['Ada <ada@example.com>\nnobody', 'Line 2 is not a name and an address'],
    ['ada@example.com\nADA@example.com', 'Line 2 is the address of line 1 again.'],
    ['ada@exa_mple..com', 'Person 1 must be one address'],
    ['', 'Whom is it for?'],
  ])('to %j is not sent: %s', async (people, complaint) => {
    const page = await send(people)

    await page.getByText(complaint).waitFor()

    expect(await page.getByLabel('People', { exact: true }).inputValue()).toBe(people)
    expect(await shop.inbox.submissions()).toEqual([])
  })
})
