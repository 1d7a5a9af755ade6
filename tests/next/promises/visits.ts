import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { post, readPage } from '../world/stranger.ts'
import type { World } from '../world/world.ts'

/** What visitors see and owners get, on whatever the site is run; with JavaScript or without. */
export function visits(
  world: World,
  {
    scripts = [true, false],
    stampScripts = scripts,
  }: { readonly scripts?: readonly boolean[]; readonly stampScripts?: readonly boolean[] } = {},
): void {
  describe.each(scripts)('with JavaScript: %s', (javaScriptEnabled) => {
    const open = (path: string): Promise<Page> =>
      world.visitors.open(world.site.url + path, { javaScriptEnabled })

    it("the guide's form complains, keeps what was typed, then sends", async () => {
      const page = await open('/contact')
      expect(await world.visitors.accessibilityFaults(page)).toEqual([])

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
      expect(await world.visitors.accessibilityFaults(page)).toEqual([])
      expect(world.emulator.submissions).toEqual([])

      await page.getByLabel('Email').fill('grace@example.com')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByRole('status').waitFor()

      expect(await world.visitors.accessibilityFaults(page)).toEqual([])
      expect(world.emulator.submissions).toMatchObject([
        {
          envelope: { to: ['owner@example.com'] },
          subject: 'Question from Grace Hopper',
          options: { tags: ['contact'] },
        },
      ])
      expect((await world.emulator.messages[0]?.load())?.text?.trim()).toBe(
        'Which paper?\nAnd which ink?',
      )
    })

    it('thanks a bot that fills in the honeypot, and sends nothing', async () => {
      const page = await open('/forms/leading')

      await fill(page, 'Buy this')
      await page.locator('input[name=website]').fill('http://spam.example', { force: true })
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByRole('heading', { name: 'Thanks' }).waitFor()

      expect(world.emulator.submissions).toEqual([])
    })

    it('tells a visitor that the limit is reached, and keeps what was typed', async () => {
      const page = await open('/forms/limited')
      await send(page, 'First')
      await page.getByRole('status').waitFor()

      await page.goto(`${world.site.url}/forms/limited`)
      await send(page, 'Second')
      await page.getByText('Too many messages. Please try again later.').waitFor()

      expect(await page.getByLabel('Text').inputValue()).toBe('Second')
      expect(await world.visitors.accessibilityFaults(page)).toEqual([])
      expect(world.emulator.submissions).toHaveLength(1)
    })

    it('leads on when the mail is sent', async () => {
      const page = await open('/forms/leading')

      await send(page, 'Where next?')
      await page.getByRole('heading', { name: 'Thanks' }).waitFor()

      expect(new URL(page.url()).pathname).toBe('/thanks')
      expect(world.emulator.submissions).toHaveLength(1)
    })

    it('keeps choices and repeated fields after an answer, and sends them', async () => {
      const page = await open('/choices')
      expect(await page.getByLabel('laid').isChecked()).toBe(true)
      expect(await world.visitors.accessibilityFaults(page)).toEqual([])

      await page.getByLabel('wove').check()
      await page.getByLabel('ribbon').check()
      await page.getByLabel('a card').check()
      await page.getByLabel('Guest 1').fill('Ada')
      await page.getByLabel('Guest 2').fill('Bob')
      await page.getByLabel('Delivery').selectOption(['Monday', 'Friday'])
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText('Please agree.').waitFor()

      const checked = async (label: string) => await page.getByLabel(label).isChecked()
      expect(await Promise.all(['laid', 'wove', 'ribbon', 'a card', 'seal'].map(checked))).toEqual([
        false,
        true,
        true,
        true,
        false,
      ])
      expect(await page.getByLabel('Guest 1').inputValue()).toBe('Ada')
      expect(await page.getByLabel('Guest 2').inputValue()).toBe('Bob')
      expect(await page.locator('option:checked').allTextContents()).toEqual(['Monday', 'Friday'])
      expect(await repeatedIds(page)).toEqual([])
      expect(await world.visitors.accessibilityFaults(page)).toEqual([])

      await page.getByLabel('a card').uncheck()
      await page.getByLabel('I agree').check()
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByRole('status').waitFor()

      const mail = await world.emulator.messages[0]?.load()
      expect(JSON.parse(mail?.text ?? '')).toEqual({
        paper: 'wove',
        extras: ['ribbon'],
        guests: ['Ada', 'Bob'],
        delivery: ['Monday', 'Friday'],
      })
    })

    it('sends what a client component binds while it renders', async () => {
      const page = await open('/binding')

      await send(page, ' ')
      await page.getByText('Write something.').waitFor()
      await send(page, 'How much?')
      await page.getByRole('status').waitFor()

      expect(world.emulator.submissions).toMatchObject([{ subject: 'For support' }])
    })

    it('sends what is bound to an action', async () => {
      const page = await open('/forms/bound')

      await send(page, 'How much?')
      await page.getByRole('status').waitFor()

      expect(world.emulator.submissions).toMatchObject([{ subject: 'For sales' }])
    })

    it('sends files up to the limit, and names the fault of one past it', async () => {
      const page = await open('/upload')
      const files = page.getByLabel('Files')
      const file = (bytes: number) => ({
        name: 'scan.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.alloc(bytes, 'x'),
      })

      await files.setInputFiles([file(300_001)])
      await send(page, 'See the scan.')
      await page.getByText('This file is too large.').waitFor()
      expect(await page.getByLabel('Text').inputValue()).toBe('See the scan.')
      expect(world.emulator.submissions).toEqual([])

      await files.setInputFiles([file(300_000), file(1)])
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByRole('status').waitFor()

      const mail = await world.emulator.messages[0]?.load()
      expect(mail?.attachments.map(({ filename, size }) => [filename, size])).toEqual([
        ['scan.pdf', 300_000],
        ['scan.pdf', 1],
      ])
    })

    it('answers before a slow mail is taken, and tells the log of it then', async () => {
      world.emulator.faults.next({ at: 'data', delay: 4000 })
      const page = await open('/forms/later')

      await send(page, 'No hurry.')
      await page.getByRole('status').waitFor()
      expect(world.emulator.submissions).toEqual([])

      await world.emulator.waitFor({ to: 'owner@example.com' }, { timeout: 30_000 })
      await world.site.log.waitFor(/later: sent <.*>/)
    })

    it('says so when Mailgun does not take the mail, without the words of the server', async () => {
      world.emulator.faults.next({ at: 'data', reply: [554, 'the secret reason of the server'] })
      const page = await open('/forms/leading')

      await send(page, 'Will this arrive?')
      await page.getByText('Your message was refused.').waitFor()

      expect(await page.getByLabel('Text').inputValue()).toBe('Will this arrive?')
      expect(await page.content()).not.toContain('secret reason')
      expect(world.emulator.submissions).toEqual([])
    })
  })

  it.each(stampScripts)(
    'sends a form that bears a stamp, with JavaScript: %s',
    async (javaScriptEnabled) => {
      const page = await world.visitors.open(`${world.site.url}/stamped`, { javaScriptEnabled })
      // Within a Suspense it may come after the rest of the page.
      await page.locator('form input[name=form-stamp]').waitFor({ state: 'attached' })

      await send(page, 'Do you doubt me?')
      await page.getByRole('status').waitFor()

      expect(world.emulator.submissions).toHaveLength(1)
    },
  )

  it('mails nothing for a script, which names no page as its origin', async () => {
    const form = await readPage(`${world.site.url}/forms/leading`)
    const fields = [
      ['email', 'ada@example.com'],
      ['text', 'Buy this'],
    ] as const

    const answer = await post(form, { fields, headers: { Origin: undefined } })

    expect(answer.body).toMatch(/could not be read|a fault on this site/)
    expect(world.emulator.submissions).toEqual([])
  })

  it("the guide's route handler mails before its response and after it", async () => {
    const response = await fetch(`${world.site.url}/api/orders`, { method: 'POST' })

    expect(response.status).toBe(200)
    await expect.poll(() => world.emulator.submissions.length, { timeout: 30_000 }).toBe(2)
    const [first] = world.emulator.submissions
    expect(await response.json()).toEqual({ messageId: first?.messageId })
  })

  it('lets a route handler call an action, and answers it what went wrong', async () => {
    const form = new FormData()
    form.set('email', 'victim@example.org')
    form.set('text', 'Hi')

    const response = await fetch(`${world.site.url}/api/mail`, {
      method: 'PUT',
      body: form,
      headers: { Origin: world.site.url },
    })

    expect(await response.json()).toMatchObject({ status: 'failed', reason: 'error' })
    expect(world.emulator.submissions).toEqual([])
  })

  it.each<Record<string, string>>([
    { Origin: 'https://evil.test' },
    { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
    {},
  ])('lets no other site call an action by a route handler: %j', async (headers) => {
    const form = new FormData()
    form.set('email', 'ada@example.com')
    form.set('text', 'Buy this')

    const response = await fetch(`${world.site.url}/api/mail`, {
      method: 'PATCH',
      body: form,
      headers,
    })

    expect(await response.json()).toMatchObject({ status: 'failed', reason: 'bad-request' })
    expect(world.emulator.submissions).toEqual([])
  })

  it('answers by JavaScript without loading the page again', async () => {
    const page = await world.visitors.open(`${world.site.url}/contact`)
    await page.evaluate(() => document.body.setAttribute('data-first', ''))

    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('What is it about?').waitFor()

    expect(await page.locator('body[data-first]').count()).toBe(1)
  })

  it('keeps a form that is too large from being sent, where there is JavaScript', async () => {
    const page = await world.visitors.open(`${world.site.url}/upload`)
    let posts = 0
    page.on('request', (request) => {
      if (request.method() === 'POST') posts += 1
    })

    await page.getByLabel('Files').setInputFiles({
      name: 'film.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.alloc(3_000_000),
    })
    await send(page, 'See the film.')
    await page.getByText('This is too large to be sent.').waitFor()

    expect(await page.getByLabel('Text').inputValue()).toBe('See the film.')
    expect(await world.visitors.accessibilityFaults(page)).toEqual([])
    expect(posts).toBe(0)
  })
}

/** The ids that more than one element has. */
async function repeatedIds(page: Page): Promise<readonly string[]> {
  const ids = await page.locator('form [id]').evaluateAll((all) => all.map(({ id }) => id))
  return ids.filter((id, at) => ids.indexOf(id) !== at)
}

async function fill(page: Page, text: string): Promise<void> {
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Text').fill(text)
}

async function send(page: Page, text: string): Promise<void> {
  await fill(page, text)
  await page.getByRole('button', { name: 'Send' }).click()
}
