import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { browser, describeInBrowser } from './chromium/browser-tests.ts'
import type { ReceivedSubmission } from './shop/inbox.ts'
import { confirmedMessageId, ShopVisit } from './shop/shop-visit.ts'

// Said once, for all the files that need it.
if (browser.absence !== undefined) console.warn(`Browser tests are skipped: ${browser.absence}.`)

describeInBrowser('the shop', () => {
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

  /** What has arrived is what the page confirms, over TLS and logged in, and Mailgun could read all of it. */
  async function confirmed(page: Page): Promise<ReceivedSubmission> {
    await page.getByRole('status').waitFor()
    const submission = await shop.inbox.newest()
    expect(await confirmedMessageId(page)).toBe(submission.messageId)
    expect(submission.session).toMatchObject({
      secure: 'starttls',
      user: 'postmaster@mg.example.com',
    })
    expect(submission.problems).toEqual([])
    return submission
  }

  describe('sign up, by NestJS', () => {
    it('sends a welcome letter with the options of its class and its method', async () => {
      const page = await shop.open('Sign up')

      await page.getByLabel('Name', { exact: true }).fill('Zoë Quinn')
      await page.getByLabel('Email', { exact: true }).fill('zoe@example.com')
      await page.getByLabel('Plain').check()
      await page.getByRole('button').click()
      const { options, from, messages } = await confirmed(page)

      expect(options).toEqual({
        tags: ['account', 'welcome'],
        trackOpens: true,
        variables: { account: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown, paper: 'plain' },
      })
      expect(from).toBe('Deckle <hello@mg.example.com>')
      expect(messages).toMatchObject([
        { recipient: 'zoe@example.com', subject: 'Welcome to the bench, Zoë Quinn' },
      ])
      expect(await page.getByRole('status').innerText()).toMatch(
        /1 recipient[\s\S]*250 Great success/,
      )
    })

    it('leads straight to the message in the inbox', async () => {
      const page = await shop.open('Sign up')

      await page.getByRole('button').click()
      await page.getByRole('link', { name: 'Read it in the inbox' }).click()

      expect(page.url()).toContain('#/message-id/')
      await page.getByRole('heading', { name: 'Welcome to the bench, Ada Lovelace' }).waitFor()
    })

    it('sends nothing again when the confirmation is loaded again', async () => {
      const page = await shop.open('Sign up')
      await page.getByRole('button').click()
      const messageId = await confirmedMessageId(page)

      await page.reload()

      expect(await confirmedMessageId(page)).toBe(messageId)
      expect(await shop.inbox.submissions()).toHaveLength(1)
    })

    it('shows what core says of an address, and keeps what was typed', async () => {
      const page = await shop.open('Sign up')

      await page.getByLabel('Email', { exact: true }).fill('zoe@example.com, eve@example.com')
      await page.getByRole('button').click()

      await page.getByText('This must be one address').waitFor()
      const email = page.getByLabel('Email', { exact: true })
      expect(await email.inputValue()).toBe('zoe@example.com, eve@example.com')
      expect(await email.getAttribute('aria-invalid')).toBe('true')
      expect(await page.getByLabel('Dotted').isChecked()).toBe(true)
      expect(await shop.inbox.submissions()).toEqual([])
    })
  })

  describe('order, by Express', () => {
    it('sends a receipt from a view, with the invoice and without click tracking', async () => {
      const page = await shop.open('Order')

      await page.getByLabel('Iron gall ink').check()
      await page.getByLabel('How many').fill('3')
      await page.getByRole('button').click()
      const { options, messages, subject } = await confirmed(page)
      const [message] = messages
      const copy = await shop.inbox.copy(message?.id ?? '')
      const [invoice] = copy.attachments
      const pdf = await shop.inbox.part(message?.id ?? '', invoice?.n ?? 0)

      const number = /^Your order (\d\d-[0-9A-F]{6})$/.exec(subject)?.[1]
      expect(options).toEqual({
        tags: ['order'],
        trackClicks: false,
        variables: { order: number },
      })
      expect(copy.text).toContain('3 × Iron gall ink, €42.00')
      expect(await shop.inbox.html(message?.id ?? '')).toMatch(/<strong>€46\.50<\/strong>/)
      expect(copy.attachments).toMatchObject([
        { filename: `invoice-${number}.pdf`, contentType: 'application/pdf', size: pdf.length },
      ])
      expect(pdf.toString('latin1')).toMatch(/^%PDF-[\s\S]*%%EOF\s*$/)
    })

    it('shows markup that was typed as text, on the page and in the letter', async () => {
      const page = await shop.open('Order')
      const hostile = `<img src=x onerror="alert(1)"> & Söhne`
      const name = page.getByLabel('Name', { exact: true })

      await name.fill(hostile)
      await page.getByLabel('Email', { exact: true }).fill('nobody')
      await page.getByRole('button').click()
      expect(await name.inputValue()).toBe(hostile)
      await page.getByLabel('Email', { exact: true }).fill('ada@example.com')
      await page.getByRole('button').click()
      const { messages } = await confirmed(page)

      expect(await page.locator('img').count()).toBe(0)
      expect(await shop.inbox.html(messages[0]?.id ?? '')).toContain('&lt;img src=x')
      expect(messages[0]?.to).toContain('Söhne')
    })

    it('says which fields need another look', async () => {
      const page = await shop.open('Order')

      await page.getByLabel('Name', { exact: true }).fill('')
      await page.getByLabel('Email', { exact: true }).fill('')
      await page.getByRole('button').click()

      await page.getByText('2 fields need another look.').waitFor()
      expect(await page.getByRole('alert').count()).toBe(1)
      await page.getByText('Where may the receipt go?').waitFor()
    })
  })

  describe.each([true, false])('contact, by Next.js, with JavaScript: %s', (javaScriptEnabled) => {
    it('complains in the form, keeps what was typed, then sends', async () => {
      const page = await shop.open('Contact', { javaScriptEnabled })
      const email = page.getByLabel('Email', { exact: true })
      const question = page.getByLabel('Your question')

      await email.fill('grace at example')
      await question.fill('Which paper?\nAnd which ink?')
      await page.getByLabel('Subject').fill('')
      await page.getByRole('button').click()
      await page.getByText('Write one address, such as ada@example.com.').waitFor()
      await page.getByText('What is it about?').waitFor()
      expect(await email.inputValue()).toBe('grace at example')
      expect(await question.inputValue()).toBe('Which paper?\nAnd which ink?')
      expect(await page.getByLabel('Subject').inputValue()).toBe('')
      expect(await shop.inbox.submissions()).toEqual([])

      await email.fill('grace@example.com')
      await page.getByLabel('Name', { exact: true }).fill('Grace Hopper')
      await page.getByLabel('Subject').fill('Paper')
      await page.getByRole('button').click()
      const { options, headers, to, messages } = await confirmed(page)
      const copy = await shop.inbox.copy(messages[0]?.id ?? '')

      expect(options).toEqual({ tags: ['contact'], track: false })
      expect(to).toBe('Deckle <hello@mg.example.com>')
      expect(headers).toContainEqual(['Reply-To', 'Grace Hopper <grace@example.com>'])
      expect(copy.text.trim()).toBe('Which paper?\nAnd which ink?')
    })

    it('gives a robot that fills its trap a thank-you and no mail', async () => {
      const page = await shop.open('Contact', { javaScriptEnabled })

      await page.locator('input[name=website]').fill('http://spam.example', { force: true })
      await page.getByRole('button').click()
      await page.getByRole('status').waitFor()

      expect(await shop.inbox.submissions()).toEqual([])
    })
  })
})
