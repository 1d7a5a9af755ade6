import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { browser, describeInBrowser } from './chromium/browser-tests.ts'
import { ShopVisit } from './shop/shop-visit.ts'

const flows = ['Sign up', 'Order', 'Contact', 'Newsletter']
const demo = new URL('../../apps/demo/', import.meta.url)

describeInBrowser('the pages of the shop', () => {
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

  /** How much wider than the window the page is. */
  const overhang = (page: Page): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

  it('lead from the front to each flow, and to the inbox', async () => {
    const page = await shop.open('Shop')

    for (const flow of flows) {
      await page.getByRole('main').getByRole('link', { name: flow, exact: true }).click()
      await page.getByRole('heading', { level: 1, name: flow }).waitFor()
      await page.getByRole('link', { name: 'Deckle', exact: true }).click()
    }
    await page.getByRole('link', { name: 'Inbox' }).click()

    expect(page.url()).toContain(shop.at.Inbox)
  })

  it('ask nothing of any other machine, and log no error', async () => {
    const page = await shop.open('Shop')
    const asked = new Set<string>()
    const errors: string[] = []
    page.on('request', (request) => asked.add(new URL(request.url()).hostname))
    page.on('console', (entry) => entry.type() === 'error' && errors.push(entry.text()))
    page.on('pageerror', (error) => errors.push(error.message))

    for (const name of ['Shop', ...flows]) {
      await page.goto(shop.at[name] ?? '', { waitUntil: 'networkidle' })
    }

    // The icon is inside the page, at no address.
    expect([...asked].filter((host) => host !== '')).toEqual(['127.0.0.1'])
    expect(errors).toEqual([])
  })

  it.each(['light', 'dark'] as const)('can be read when it is %s', async (colorScheme) => {
    const page = await shop.open('Order', { colorScheme })

    const worst = await page.evaluate(() => {
      const luminance = (color: string): number => {
        const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? [])
          .slice(0, 3)
          .map((channel) => {
            const part = Number(channel) / 255
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
          })
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
      }
      const ground = (element: Element | null): string => {
        if (!element) return 'rgb(255, 255, 255)'
        const { backgroundColor } = getComputedStyle(element)
        return backgroundColor === 'rgba(0, 0, 0, 0)'
          ? ground(element.parentElement)
          : backgroundColor
      }
      const texts = [
        ...document.querySelectorAll('p, a, label, legend, h1, h2, summary, span, button'),
      ]
      const ratios = texts.map((element) => {
        const [one, other] = [
          luminance(getComputedStyle(element).color),
          luminance(ground(element)),
        ].toSorted((a, b) => b - a)
        return ((one ?? 0) + 0.05) / ((other ?? 0) + 0.05)
      })
      return Math.min(...ratios)
    })

    // WCAG 2.2, success criterion 1.4.3.
    expect(worst).toBeGreaterThanOrEqual(4.5)
  })

  it('answer with a page where there is none', async () => {
    const page = await shop.open('Shop')

    for (const name of ['Shop', 'Sign up', 'Contact']) {
      const response = await page.goto(new URL('/nowhere', shop.at[name]).href)
      expect(response?.status()).toBe(404)
      await page.getByRole('heading', { name: 'There is nothing on this shelf.' }).waitFor()
    }
  })

  it.each(['Sign up', 'Order', 'Contact', 'Newsletter'])(
    '%s refuses what the page of another site posts',
    async (name) => {
      const response = await fetch(shop.at[name] ?? '', {
        method: 'POST',
        headers: { Origin: 'https://evil.test' },
        body: new URLSearchParams({ name: 'Eve', email: 'eve@example.com' }),
      })

      expect(response.status).toBe(403)
    },
  )

  describe.each(flows)('%s', (flow) => {
    it('shows the files as they are, the one that sends first', async () => {
      const page = await shop.open(flow)
      const shown = await page.locator('.listing').evaluateAll((listings) =>
        listings.map((listing) => ({
          file: listing.querySelector('summary')?.textContent ?? '',
          source: listing.querySelector('code')?.textContent ?? '',
          isOpen: listing.hasAttribute('open'),
        })),
      )

      expect(shown.map(({ isOpen }) => isOpen)).toEqual([true, false])
      for (const { file, source } of shown) {
        expect(source).toBe(readFileSync(new URL(file, demo), 'utf8').trimEnd())
      }
    })

    it('fits a phone, with its code open and after it has sent', async () => {
      const page = await shop.open(flow, { viewport: { width: 390, height: 844 } })

      await page.locator('.listing summary').last().click()
      expect(await overhang(page)).toBe(0)
      await page.getByRole('button').click()
      await page.getByRole('status').waitFor()
      expect(await overhang(page)).toBe(0)
    })

    it('can be sent with the keyboard alone', async () => {
      const page = await shop.open(flow)

      await page.getByLabel(flow === 'Newsletter' ? 'Subject' : 'Name', { exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('status').waitFor()

      expect(await page.getByRole('status').innerText()).toContain('Message-ID')
    })
  })

  it('leave a phone no overhang at the front', async () => {
    const page = await shop.open('Shop', { viewport: { width: 320, height: 700 } })

    expect(await overhang(page)).toBe(0)
  })
})
