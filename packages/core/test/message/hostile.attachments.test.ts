import { describe, expect, test } from 'vitest'
import { createMailer, InvalidOptionError, type MailgunMessage } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, wireOf } from '../wire/wire.ts'

/** The names that the parts of the built message show, as nodemailer writes simple ones. */
async function namesOf(message: object): Promise<(string | undefined)[]> {
  const { raw } = await wireOf({ ...letter, ...message } as MailgunMessage)
  const dispositions = raw.match(/^Content-Disposition: .*(?:\r\n[ \t].*)*$/gm) ?? []
  return dispositions.map((field) => /filename="?([^";\r]*)/.exec(field)?.[1])
}

describe('an attachment without a name gets one, as Mailgun drops it otherwise', () => {
  test.each<[string, object, string]>([
    ['none', {}, 'attachment-1.bin'],
    ['undefined', { filename: undefined }, 'attachment-1.bin'],
    ['null', { filename: null }, 'attachment-1.bin'],
    ['false', { filename: false }, 'attachment-1.bin'],
    ['an empty text', { filename: '' }, 'attachment-1.bin'],
    ['blanks', { filename: ' \r\n\t' }, 'attachment-1.bin'],
    ['none, but a type', { contentType: 'image/png' }, 'attachment-1.png'],
    ['false, and a type', { filename: false, contentType: 'text/csv' }, 'attachment-1.csv'],
    ['none, bytes', { contentType: 'Application/Octet-Stream' }, 'attachment-1.bin'],
    ['none, a message', { contentType: 'message/rfc822' }, 'attachment-1.eml'],
    ['false, shown inside', { filename: false, contentDisposition: 'inline' }, 'attachment-1.bin'],
    ['false, a data URL', { path: 'data:text/plain,x', filename: false }, 'attachment-1.txt'],
    ['its own', { filename: 'invoice.pdf' }, 'invoice.pdf'],
  ])('%s', async (_name, part, name) => {
    const attachment = 'path' in part ? part : { content: 'x', ...part }

    expect(await namesOf({ attachments: [attachment] })).toEqual([name])
    expect(await namesOf({ attachments: attachment, text: undefined })).toEqual([name])
  })

  test('each by its place among the others', async () => {
    const attachments = [{ content: 'a' }, { content: 'b', filename: 'b.txt' }, { content: 'c' }]

    expect(await namesOf({ attachments })).toEqual([
      'attachment-1.bin',
      'b.txt',
      'attachment-3.bin',
    ])
  })

  test("and the caller's object keeps none", async () => {
    const attachment = Object.freeze({ content: 'x', filename: false as const })

    await namesOf({ attachments: [attachment] })

    expect(attachment).toEqual({ content: 'x', filename: false })
  })
})

test.each(['attachments', 'alternatives'])(
  'what is not a part among %s is refused',
  async (field) => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)

    for (const given of [null, 7, 'canary', [{ path: '/etc/canary' }], () => 'canary']) {
      const message = { ...letter, [field]: [{ content: 'x' }, given] }
      const refusal: unknown = await mailer.send(message).catch((error: unknown) => error)

      expect(refusal).toBeInstanceOf(InvalidOptionError)
      expect(refusal).toMatchObject({ path: `${field}[1]`, code: 'ERR_MAILGUN_INVALID_MESSAGE' })
      expect((refusal as Error).message).not.toContain('canary')
    }
    expect(server.sessions).toBe(0)
  },
)
