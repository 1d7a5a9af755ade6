import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../workspace.ts'
import { runIn } from './consumer/nest/application.ts'
import { NestProject } from './consumer/nest/project.ts'

const guide = readFileSync(`${root}docs/guides/nestjs/templates.md`, 'utf8')

/** The application: it sends one mail of a template to an outbox, and prints its HTML. */
const main = (folder: string): string => `
  import 'reflect-metadata'
  import { join } from 'node:path'
  import { MailgunModule, MailgunService } from '@mailgun-smtp/nestjs'
  import { createOutbox } from '@mailgun-smtp/nestjs/testing'
  import { NestFactory } from '@nestjs/core'
  import { Module } from '@nestjs/common'
  import { handlebarsTemplates } from './handlebars-templates.js'

  const outbox = createOutbox()

  @Module({
    imports: [
      MailgunModule.forRoot({
        mailer: outbox.transporter,
        logger: false,
        templates: handlebarsTemplates(join(${folder}, 'mails')),
      }),
    ],
  })
  class AppModule {}

  async function main(): Promise<void> {
    const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] })
    await app.get(MailgunService).send({
      from: 'shop@mg.example.com',
      to: 'ada@example.com',
      template: 'welcome',
      context: { name: '<Ada>' },
    })
    console.log((await outbox.messages[0]?.load())?.html?.trim())
    await app.close()
  }
  void main()
`

/** A block of the guide, as it is printed there. */
function block(before: RegExp): string {
  return (
    new RegExp(`${before.source}\\n\\n?\`\`\`\\w+\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(guide)?.[1] ??
    ''
  )
}

let project: NestProject

beforeAll(() => {
  project = new NestProject({
    '@nestjs/cli': '^11.0.0',
    '@nestjs/common': '^11.0.0',
    '@nestjs/core': '^11.0.0',
    '@nestjs/schematics': '^11.0.0',
    '@types/node': '^20.19.0',
    handlebars: '4.7.10',
    'reflect-metadata': '^0.2.2',
    rxjs: '^7.8.2',
    typescript: '^5.9.0',
  })
  project.install('npm')
}, 600_000)
afterAll(() => project[Symbol.dispose]())

it.each([
  ['CommonJS', undefined, '__dirname'],
  ['ES modules', 'module', 'import.meta.dirname'],
])(
  "the guide's templates reach an application that `nest build` has built to %s",
  (_kind, type, folder) => {
    const path = (name: string): string => join(project.folder, name)
    const { type: _type, ...manifest } = JSON.parse(
      readFileSync(path('package.json'), 'utf8'),
    ) as Record<string, unknown>
    mkdirSync(path('src/mails'), { recursive: true })
    writeFileSync(path('package.json'), JSON.stringify(type ? { ...manifest, type } : manifest))
    writeFileSync(
      path('tsconfig.json'),
      readFileSync(`${root}tests/published/consumer/nest-jest/nest-new.tsconfig.json`),
    )
    writeFileSync(path('nest-cli.json'), block(/answers 500:/))
    writeFileSync(path('src/handlebars-templates.ts'), block(/`handlebars-templates.ts`/))
    writeFileSync(path('src/main.ts'), main(folder))
    writeFileSync(path('src/mails/welcome.hbs'), '<h1>Welcome, {{name}}</h1>')

    project.run('nest', 'build')

    expect(runIn(project.folder, process.execPath, 'dist/main.js')).toBe(
      '<h1>Welcome, &lt;Ada&gt;</h1>\n',
    )
  },
)
