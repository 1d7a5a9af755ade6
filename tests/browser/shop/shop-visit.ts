import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { RunningDemo, type Addresses } from 'demo/running-demo'
import type { FoundBrowser } from '../chromium/find-chromium.ts'
import { Inbox } from './inbox.ts'

/** A running demo and a browser to visit it with. */
export class ShopVisit implements AsyncDisposable {
  readonly at: Addresses
  readonly inbox: Inbox
  readonly demo: RunningDemo
  readonly #browser: Browser

  private constructor(demo: RunningDemo, at: Addresses, browser: Browser) {
    this.demo = demo
    this.at = at
    this.inbox = new Inbox(at.Inbox ?? '')
    this.#browser = browser
  }

  /**
   * Opens the shop and the browser.
   *
   * @throws {Error} if there is no browser, or the shop does not open.
   */
  static async begin(found: FoundBrowser): Promise<ShopVisit> {
    if (found.path === undefined) throw new Error(`There is no browser: ${found.absence}.`)
    const { path: executablePath, args, environment } = found
    const browser = await chromium.launch({
      executablePath,
      args: [...args],
      env: { ...process.env, ...environment },
    })
    const demo = new RunningDemo()
    try {
      return new ShopVisit(demo, await demo.opened(), browser)
    } catch (error) {
      await browser.close()
      throw error
    }
  }

  /** A fresh window on one of the addresses. */
  async open(name: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: { width: 1280, height: 860 }, ...options })
    page.setDefaultTimeout(10_000)
    await page.goto(this.at[name] ?? '')
    return page
  }

  /** Closes every window. */
  async closePages(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()))
  }

  async end(): Promise<void> {
    await this.#browser.close()
    await this.demo.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}

/** The Message-ID that a confirmation shows. */
export async function confirmedMessageId(page: Page): Promise<string> {
  return (await page.getByRole('status').locator('dd').first().textContent()) ?? ''
}
