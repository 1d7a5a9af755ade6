// Takes a picture of each page of the demo and of the inbox, wide and narrow, light and dark, into ./screenshots.
// Build first. CHROMIUM_PATH names the browser, if it is not /usr/bin/chromium.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = fileURLToPath(new URL('../screenshots/', import.meta.url))
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)

const demo = spawn(process.execPath, ['dist/main.js', '--any-port'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: ['ignore', 'pipe', 'inherit'],
})
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})

try {
  const at = await addresses()
  for (const [size, width, height] of [
    ['wide', 1280, 860],
    ['narrow', 390, 844],
  ]) {
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme })
      const shoot = async (name) => {
        await page.screenshot({
          path: `${folder}${name}-${size}-${colorScheme}.png`,
          fullPage: true,
        })
      }
      await page.goto(at.Shop)
      await shoot('front')
      for (const name of ['Sign up', 'Order', 'Contact', 'Newsletter']) {
        const file = name.toLowerCase().replace(' ', '-')
        await page.goto(at[name])
        await shoot(file)
        await page.getByRole('button').first().click()
        await page.getByRole('status').waitFor()
        await shoot(`${file}-sent`)
        await page.goto(at[name])
        await page
          .getByLabel(name === 'Newsletter' ? 'People' : 'Email', { exact: true })
          .fill('ada at example')
        await page.getByRole('button').first().click()
        await page.locator('.problem').first().waitFor()
        await shoot(`${file}-refused`)
      }
      await page.goto(at.Inbox)
      await page.getByText('Your order').first().waitFor()
      await shoot('inbox')
      await page.close()
    }
  }
} finally {
  await browser.close()
  demo.kill()
  await once(demo, 'exit')
}

/** The addresses that the demo prints, by their labels. */
async function addresses() {
  let text = ''
  while (!text.includes('Ctrl-C')) text += String((await once(demo.stdout, 'data'))[0])
  return Object.fromEntries(
    Array.from(text.matchAll(/^ {2}(\w+(?: \w+)*) {2,}(http\S+)/gm), ([, label, url]) => [
      label,
      url,
    ]),
  )
}
