import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { describeInBrowser } from '../browser/browser-tests.ts'
import { NextApp } from './next-app.ts'
import type { RunningSite } from './running-site.ts'
import { accessibilityFaults, Visitors } from './visitor.ts'

const slow = 180_000

describeInBrowser.each(['production', 'development'] as const)('a site in %s', (mode) => {
  let emulator: MailgunEmulator
  let app: NextApp
  let site: RunningSite
  let visitors: Visitors

  beforeAll(async () => {
    emulator = await createMailgunEmulator()
    app = new NextApp({ next: '16', bundler: 'turbopack' })
    if (mode === 'production') app.build(emulator)
    site = mode === 'production' ? await app.start(emulator) : await app.dev(emulator)
    visitors = await Visitors.begin()
  }, slow)

  afterAll(async () => {
    await visitors?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
    app?.[Symbol.dispose]()
    await emulator?.close()
  })

  beforeEach(() => emulator.reset())
  afterEach(() => visitors.closePages())

  describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
    const open = (path: string): Promise<Page> =>
      visitors.open(site.url + path, { javaScriptEnabled })

    it("the guide's form complains, keeps what was typed, then sends", async () => {
      const page = await open('/contact')
      expect(await accessibilityFaults(page)).toEqual([])

      await page.getByLabel('Name').fill('Grace Hopper')
      await page.getByLabel('Email').fill('grace at example')
      await page.getByLabel('Your question').fill('Which paper?\nAnd which ink?')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText('Write one address, such as ada@example.com.').waitFor()

      expect(await page.getByLabel('Name').inputValue()).toBe('Grace Hopper')
      expect(await page.getByLabel('Email').inputValue()).toBe('grace at example')
      expect(await page.getByLabel('Your question').inputValue()).toBe(
        'Which paper?\nAnd which ink?',
      )
      expect(await page.getByLabel('Email').getAttribute('aria-invalid')).toBe('true')
      expect(await accessibilityFaults(page)).toEqual([])
      expect(emulator.submissions).toEqual([])

      await page.getByLabel('Email').fill('grace@example.com')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByRole('status').waitFor()

      expect(await accessibilityFaults(page)).toEqual([])
      expect(emulator.submissions).toMatchObject([
        {
          envelope: { to: ['owner@example.com'] },
          subject: 'Question from Grace Hopper',
          options: { tags: ['contact'] },
        },
      ])
      expect((await emulator.messages[0]?.load())?.text?.trim()).toBe(
        'Which paper?\nAnd which ink?',
      )
    })

    it('thanks a robot that fills the trap, and mails nobody', async () => {
      const page = await open('/contact')

      await fillQuestion(page, 'Buy this')
      await page.locator('input[name=website]').fill('http://spam.example', { force: true })
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByRole('status').waitFor()

      expect(emulator.submissions).toEqual([])
    })

    it('tells a visitor of one mail too many, and keeps what was typed', async () => {
      const page = await open('/limited')
      await fillForm(page, 'First')
      await page.getByRole('button').click()
      await page.getByRole('status').waitFor()

      await page.goto(`${site.url}/limited`)
      await fillForm(page, 'Second')
      await page.getByRole('button').click()
      await page.getByText('Too many messages. Please try again later.').waitFor()

      expect(await page.getByLabel('Text').inputValue()).toBe('Second')
      expect(await accessibilityFaults(page)).toEqual([])
      expect(emulator.submissions).toHaveLength(1)
    })

    it('leads on when the mail is sent', async () => {
      const page = await open('/redirect')

      await fillForm(page, 'Where next?')
      await page.getByRole('button').click()
      await page.getByRole('heading', { name: 'Thanks' }).waitFor()

      expect(new URL(page.url()).pathname).toBe('/thanks')
      expect(emulator.submissions).toHaveLength(1)
    })

    it('says so when Mailgun does not take the mail, without the words of the server', async () => {
      emulator.faults.next({ at: 'data', reply: [554, 'the secret reason of the server'] })
      const page = await open('/contact')

      await fillQuestion(page, 'Will this arrive?')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText('Your message was refused.').waitFor()

      expect(await page.getByLabel('Your question').inputValue()).toBe('Will this arrive?')
      expect(await page.content()).not.toContain('secret reason')
      expect(emulator.submissions).toEqual([])
    })
  })

  it('answers by JavaScript without loading the page again', async () => {
    const page = await visitors.open(`${site.url}/contact`)
    await page.evaluate(() => document.body.setAttribute('data-first', ''))

    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('What is it about?').waitFor()

    expect(await page.locator('body[data-first]').count()).toBe(1)
  })
})

async function fillQuestion(page: Page, text: string): Promise<void> {
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Your question').fill(text)
}

async function fillForm(page: Page, text: string): Promise<void> {
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Text').fill(text)
}
