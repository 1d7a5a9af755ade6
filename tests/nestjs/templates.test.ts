import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { MailgunService, type TemplateRenderer } from '@mailgun-smtp/nestjs'
import {
  getMailgunOutboxToken,
  MailgunTestingModule,
  type Outbox,
} from '@mailgun-smtp/nestjs/testing'
import { Test } from '@nestjs/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installInto, reactEmail } from '../installed-under.ts'
import { root } from '../workspace.ts'

// Inside the tests' folder, so that the guide's blocks find their engines as these tests do.
const folder = `${root}tests/.nest-templates`
const guide = readFileSync(`${root}docs/guides/nestjs/templates.md`, 'utf8')

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}/mails`, { recursive: true })
  installInto(folder, [reactEmail])
  writeFileSync(`${folder}/mails/welcome.hbs`, '<h1>Welcome, {{name}}</h1>')
  writeFileSync(`${folder}/mails/welcome.ejs`, '<h1>Welcome, <%= name %></h1>')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The recipe of the guide, as it is printed there. */
async function recipe(file: string, maker?: string): Promise<TemplateRenderer> {
  const [, after = ''] = guide.split(`\`${file}\`\n\n`)
  const code = /^```tsx?\n([\s\S]*?)^```$/m.exec(after)?.[1] ?? ''
  writeFileSync(`${folder}/${file}`, code)
  const module = (await import(`${folder}/${file}`)) as Record<string, unknown>
  if (maker === undefined) return module['templates'] as TemplateRenderer
  return (module[maker] as (folder: string) => TemplateRenderer)(`${folder}/mails`)
}

test.each([
  ['Handlebars', 'handlebars-templates.ts', 'handlebarsTemplates', ''],
  ['EJS', 'ejs-templates.ts', 'ejsTemplates', ''],
  ['React Email', 'react-templates.tsx', undefined, 'WELCOME, <ADA> & BO'],
])("the guide's recipe for %s renders a mail, and escapes", async (_engine, file, maker, text) => {
  const app = await Test.createTestingModule({
    imports: [
      MailgunTestingModule.forRoot({ logger: false, templates: await recipe(file, maker) }),
    ],
  }).compile()
  const mail = app.get(MailgunService)

  for (const name of ['<Ada> & Bo', 'Cy']) {
    await mail.send({
      from: 'shop@mg.example.com',
      to: 'ada@example.com',
      subject: 'Welcome',
      template: 'welcome',
      context: { name },
    })
  }

  const [first, second] = app.get<Outbox>(getMailgunOutboxToken()).messages
  const { html = '', text: shown } = (await first?.load()) ?? {}
  expect(html.replaceAll('<!-- -->', '')).toContain('<h1>Welcome, &lt;Ada&gt; &amp; Bo</h1>')
  expect(shown?.trim()).toBe(text)
  expect((await second?.load())?.html?.replaceAll('<!-- -->', '')).toContain('<h1>Welcome, Cy</h1>')
  await app.close()
})
