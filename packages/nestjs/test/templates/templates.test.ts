import { InvalidOptionError } from '@mailgun-smtp/core'
import { createOutbox, type Outbox } from '@mailgun-smtp/core/testing'
import { Test, type TestingModule } from '@nestjs/testing'
import { lastValueFrom } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  currentMailgunOptions,
  MailgunService,
  withMailgunOptions,
  type RenderedTemplate,
  type TemplateRenderer,
} from '../../src/index.ts'
import { MailgunTestingModule } from '../../src/testing/index.ts'

const letter = { from: 'shop@mg.example.com', to: 'ada@example.com', subject: 'Welcome' }

const templates: TemplateRenderer = async (template, context) => {
  await Promise.resolve()
  return `<p>${template} ${String(context['name'])}</p>`
}

const opened: TestingModule[] = []
let outbox: Outbox

async function open(renderer: TemplateRenderer | undefined): Promise<MailgunService> {
  const module = await Test.createTestingModule({
    imports: [MailgunTestingModule.forRoot({ outbox, templates: renderer })],
  }).compile()
  opened.push(module)
  return module.get(MailgunService)
}

async function html(): Promise<string | undefined> {
  return (await outbox.messages.at(-1)?.load())?.html?.trim()
}

beforeEach(() => {
  outbox = createOutbox()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((module) => module.close()))
})

describe('a message with a template', () => {
  const welcome = { ...letter, template: 'welcome', context: { name: 'Ada' } }

  it('is rendered by the module, for send, send$ and sendBatch', async () => {
    const mail = await open(templates)

    await mail.send(welcome)
    expect(await html()).toBe('<p>welcome Ada</p>')
    await lastValueFrom(mail.send$({ ...welcome, context: { name: 'Alan' } }))
    expect(await html()).toBe('<p>welcome Alan</p>')
    const { to: _to, ...batch } = welcome
    await mail.sendBatch({ ...batch, context: { name: '%recipient.name%' } }, [
      { to: 'grace@example.com', variables: { name: 'Grace' } },
    ])
    expect(await html()).toBe('<p>welcome %recipient.name%</p>')
  })

  it('is composed with the scope it was composed in', async () => {
    const mail = await open(templates)

    const composed = await withMailgunOptions({ tags: ['welcome'] }, () => mail.compose(welcome))
    await mail.send(JSON.parse(JSON.stringify(composed)) as typeof composed)

    expect(await html()).toBe('<p>welcome Ada</p>')
    expect(outbox.messages[0]?.options.tags).toEqual(['welcome'])
  })

  it('is sent with the scope of the call, in which it is rendered too', async () => {
    const mail = await open(async (template) => {
      await Promise.resolve()
      return `${template} ${currentMailgunOptions()?.tags?.join() ?? ''}`
    })

    await withMailgunOptions({ tags: ['scope'] }, () => mail.send(welcome))

    expect(await html()).toBe('welcome scope')
    expect(outbox.messages[0]?.options.tags).toEqual(['scope'])
  })

  it('may get subject and text from the template; its own override them', async () => {
    const mail = await open(() => ({ subject: 'Rendered', html: '<p>Hi</p>', text: 'Hi' }))

    await mail.send({ ...welcome, subject: undefined })
    await mail.send({ ...welcome, text: 'Own' })

    expect(outbox.messages.map(({ subject }) => subject)).toEqual(['Rendered', 'Welcome'])
    const bodies = await Promise.all(outbox.messages.map((mail) => mail.load()))
    expect(bodies.map(({ text }) => text.trim())).toEqual(['Hi', 'Own'])
  })

  it('passes on what the renderer throws, and sends nothing', async () => {
    const mail = await open(() => {
      throw new Error('no such file')
    })

    await expect(mail.send(welcome)).rejects.toThrow('no such file')
    expect(outbox.messages).toEqual([])
  })
})

describe('refuses', () => {
  const rendering =
    (rendered: unknown): TemplateRenderer =>
    () =>
      rendered as RenderedTemplate

  it.each<[string, TemplateRenderer | undefined, object, string]>([
    ['a template without a renderer', undefined, { template: 'a' }, 'template'],
    ['a template beside HTML', templates, { template: 'a', html: '<p>s3cret</p>' }, 'html'],
    ['a context without a template', templates, { context: { name: 's3cret' } }, 'template'],
    ['a context that is no object', templates, { template: 'a', context: 's3cret' }, 'context'],
    ['a template that is no name', templates, { template: { s3cret: 1 } }, 'template'],
    ['a rendering of nothing', rendering(undefined), { template: 'a' }, 'template'],
    ['a rendering of another kind', rendering({ html: 1 }), { template: 'a' }, 'template'],
  ])('%s, naming the field', async (_what, renderer, fields, path) => {
    const mail = await open(renderer)

    const error: unknown = await mail
      .send({ ...letter, ...fields })
      .catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(error).toMatchObject({ path, code: 'ERR_MAILGUN_INVALID_MESSAGE' })
    expect(String(error)).not.toContain('s3cret')
    expect(outbox.messages).toEqual([])
  })
})
