import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { browser as found } from '../../browser/chromium/browser-tests.ts'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** For a development server that compiles a page, on a machine that is busy; in milliseconds. */
const patience = 180_000

/** A browser whose windows are visitors, each with an address of its own. */
export class Visitors implements AsyncDisposable {
  readonly #browser: Browser
  #last = 0

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  /** @throws {Error} if there is no browser. */
  static async begin(): Promise<Visitors> {
    if (found.path === undefined) throw new Error(`There is no browser: ${found.absence}.`)
    const { path: executablePath, args, environment } = found
    const env = { ...process.env, ...environment }
    return new Visitors(await chromium.launch({ executablePath, args: [...args], env }))
  }

  /** Opens a page, and waits until it would answer by JavaScript, if that is on. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    this.#last += 1
    const page = await this.#browser.newPage({
      ...options,
      extraHTTPHeaders: { 'X-Forwarded-For': `198.51.100.${this.#last}` },
    })
    page.setDefaultTimeout(patience)
    await page.goto(url)
    if (options.javaScriptEnabled !== false) await hydrated(page)
    return page
  }

  /** What axe finds on the page as it stands. */
  async accessibilityFaults(page: Page): Promise<readonly string[]> {
    // On a copy that runs no scripts but axe: where scripts are off, axe would never end.
    const copy = await this.#browser.newPage()
    await copy.setContent((await page.content()).replaceAll(/<script\b[\s\S]*?<\/script>/g, ''))
    const faults = await copy.evaluate(
      `${axe}; axe.run({ exclude: [['nextjs-portal']] }).then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
    )
    return faults as string[]
  }

  async closePages(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }
}

/** React marks the elements that it has taken over. */
async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    Object.keys(document.forms[0] ?? {}).some((key) => key.startsWith('__react')),
  )
}
