import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { browser as found, describeInBrowser } from './chromium/browser-tests.ts'
import { startProxy, type Proxy } from './inbox/proxy.ts'

describeInBrowser('the inbox page', () => {
  let browser: Browser
  let emulator: MailgunEmulator
  let page: Page

  beforeAll(async () => {
    if (found.path === undefined) throw new Error(`There is no browser: ${found.absence}.`)
    const { path: executablePath, args, environment } = found
    browser = await chromium.launch({
      executablePath,
      args: [...args],
      env: { ...process.env, ...environment },
    })
  })

  afterAll(async () => {
    await browser?.close()
  })

  beforeEach(async () => {
    emulator = await createMailgunEmulator({ retention: { messages: 150 } })
    page = await browser.newPage()
  })

  afterEach(async () => {
    await page.close()
    await emulator.close()
  })

  async function send(...mails: readonly SendMailOptions[]): Promise<void> {
    const transporter = createTransport({ ...emulator.transport, pool: true, maxConnections: 1 })
    for (const mail of mails) {
      await transporter.sendMail({
        from: 'Lamplight <hello@mg.example.com>',
        to: 'ada@example.com',
        text: 'Dear Ada',
        ...mail,
      })
    }
    transporter.close()
  }

  const open = (url = emulator.httpUrl ?? ''): Promise<unknown> => page.goto(url)
  const row = (subject: string) => page.locator('.mail-row', { hasText: subject })
  const tab = (name: string) => page.getByRole('tab', { name })

  it('shows each message with its beginning, its attachments and its warnings', async () => {
    await send({
      subject: 'Your order',
      attachments: [{ filename: 'a.pdf', content: 'x' }],
      headers: { 'X-Mailgun-Unheard-Of': 'x' },
    })
    await open()

    await expect.poll(() => row('Your order').innerText()).toContain('Dear Ada')
    expect(await row('Your order').getByTitle('1 attachment').count()).toBe(1)
    expect(await row('Your order').getByTitle('1 warning').count()).toBe(1)
  })

  it('shows what arrives, also where a proxy holds the stream of events back', async () => {
    await using proxy: Proxy = await startProxy(emulator.httpUrl ?? '', { holdsStreams: true })
    await open(proxy.url)
    await page.getByText('Waiting for the first message').waitFor()

    await send({ subject: 'Hello' })

    await row('Hello').waitFor()
    expect(await page.getByText('Live').count()).toBe(0)
  })

  it('works below a path of its own, with its parts and its links', async () => {
    await send({
      subject: 'Picture',
      html: '<p>Look: <img src="cid:dot" alt="dot"></p>',
      attachments: [{ filename: 'dot.png', cid: 'dot', content: png }],
    })
    await using proxy: Proxy = await startProxy(emulator.httpUrl ?? '', { prefix: '/mail' })
    await open(`${proxy.url}/mail/`)

    await row('Picture').click()
    const image = page.frameLocator('iframe').getByAltText('dot')
    await image.waitFor()
    await expect
      .poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0)
  })

  describe('the search', () => {
    beforeEach(async () => {
      await send({ subject: 'One', text: 'about apples' }, { subject: 'Two', text: 'about pears' })
      await open()
      await row('Two').waitFor()
    })

    it('finds words of the body, and Escape shows all mail again', async () => {
      const box = page.getByRole('searchbox', { name: /^Search mail/ })
      await box.fill('apples')
      await row('Two').waitFor({ state: 'detached' })
      expect(await row('One').count()).toBe(1)

      await box.press('Escape')
      await row('Two').waitFor()
      expect(await box.inputValue()).toBe('')
    })

    it('says what there is where it does not know a word', async () => {
      await page.getByRole('searchbox', { name: /^Search mail/ }).fill('has:wings')

      await page.getByText('There is no has:wings; there is attachment').waitFor()
      expect(await row('One').count()).toBe(0)
    })

    it('finds mail that arrives while it is there', async () => {
      await page.getByRole('searchbox', { name: /^Search mail/ }).fill('pears')
      await row('One').waitFor({ state: 'detached' })

      await send({ subject: 'Three', text: 'more pears' }, { subject: 'Four', text: 'apples' })

      await row('Three').waitFor()
      expect(await row('Four').count()).toBe(0)
    })
  })

  it('asks before it deletes one message, or all', async () => {
    await send({ subject: 'One' }, { subject: 'Two' }, { subject: 'Three' })
    await open()
    await row('Two').click()

    await page.getByRole('button', { name: 'Delete this message' }).click()
    await page.getByRole('button', { name: 'Keep' }).click()
    expect(emulator.submissions).toHaveLength(3)
    await page.getByRole('button', { name: 'Delete this message' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await row('Two').waitFor({ state: 'detached' })
    await page.getByRole('heading', { level: 1, name: 'One' }).waitFor()
    expect(emulator.submissions.map(({ subject }) => subject)).toEqual(['One', 'Three'])

    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('heading', { name: 'Delete all 2 messages?' }).waitFor()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('Waiting for the first message').waitFor()
    expect(emulator.submissions).toEqual([])
  })

  it('remembers what was read when it is loaded again', async () => {
    await send({ subject: 'One' }, { subject: 'Two' })
    await open()
    await row('One').click()
    await page.getByText('2 · 1 unread').waitFor()

    await page.reload()

    await page.getByText('2 · 1 unread').waitFor()
    expect(await page.locator('.mail-row.is-unread').allInnerTexts()).toEqual([
      expect.stringContaining('Two'),
    ])
  })

  it('loads a long list page by page, and tells what made room for newer mail', async () => {
    await send(...Array.from({ length: 160 }, (_, at) => ({ subject: `Letter ${at}.` })))
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await open()

    await page.getByText('10 older messages made room for newer ones.').waitFor()
    await page.locator('.mail-list').evaluate((list) => list.scrollTo(0, list.scrollHeight))
    await expect.poll(() => asked.filter((url) => url.includes('before=')).length).toBe(1)
    await page.locator('.mail-list').evaluate((list) => list.scrollTo(0, list.scrollHeight))
    await row('Letter 10.').waitFor()
  })

  it('shows head, text, parts, session and source of a message', async () => {
    await send({
      subject: 'All of it',
      cc: 'bo@example.com',
      bcc: 'eve@example.com',
      replyTo: 'help@example.com',
      text: 'See https://shop.example.com/track?id=7.',
      attachments: [
        {
          filename: 'complaint.eml',
          contentType: 'message/rfc822',
          content: 'From: Bo <bo@example.com>\r\nSubject: It broke\r\n\r\nIt broke.',
        },
      ],
    })
    await open()
    await row('All of it').click()

    const people = page.locator('.message-people')
    await expect
      .poll(() => people.innerText())
      .toMatch(/Cc\s+bo@[^]*Bcc\s+eve@[^]*Reply to\s+help@/)
    await tab('Text').click()
    const link = page.getByRole('link', {
      name: 'https://shop.example.com/track?id=7',
      exact: true,
    })
    expect(await link.getAttribute('target')).toBe('_blank')

    await page.getByRole('link', { name: 'Open: It broke' }).click()
    const [inner] = await Promise.all([
      page.waitForEvent('popup'),
      page
        .locator('.part', { hasText: 'message/rfc822' })
        .getByRole('link', { name: 'Open' })
        .click(),
    ])
    await inner.getByText('It broke.').waitFor()
    await inner.close()

    await tab('SMTP').click()
    await page.getByRole('cell', { name: '250 Great success' }).waitFor()
    expect(await page.locator('.transcript').innerText()).toContain('AUTH PLAIN ***')

    await tab('Source').click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download .eml' }).click(),
    ])
    expect(file.suggestedFilename()).toBe('All-of-it.eml')
    await page.getByRole('button', { name: 'As received' }).click()
    await page.getByText('Subject: All of it').waitFor()
  })

  it('shows the difference of two copies', async () => {
    const people = { 'ada@example.com': { first: 'Ada' }, 'zoe@example.com': { first: 'Zoë' } }
    await send({
      to: { name: '', address: '%recipient_email%' },
      envelope: { from: 'hello@mg.example.com', to: Object.keys(people) },
      subject: 'Hi %recipient.first%',
      text: 'Dear %recipient.first%,\nthe same',
      headers: {
        'X-Mailgun-Recipient-Variables': { prepared: true, value: JSON.stringify(people) },
      },
    })
    await open()
    await row('Hi %recipient.first%').click()
    await tab('Difference').click()

    await page.locator('.difference-first', { hasText: 'Dear Ada,' }).waitFor()
    await page.locator('.difference-second', { hasText: 'Dear Zoë,' }).waitFor()
    expect(await page.locator('.difference-both', { hasText: 'the same' }).count()).toBe(1)
  })
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
)
