import { createTransport } from 'nodemailer'
import { expect, it } from 'vitest'
import { formerReplies, formerReply, type FormerReplyName } from '../../src/smtp/former-replies.ts'
import { createMailgunEmulator } from '../../src/index.ts'

it.each(Object.keys(formerReplies) as FormerReplyName[])(
  'says %s word for word, and then takes the message',
  async (name) => {
    await using emulator = await createMailgunEmulator({ httpPort: false })
    const { code, text } = formerReplies[name]
    const transporter = createTransport(emulator.transport)
    const letter = { from: 'a@mg.example.com', to: 'ada@example.com', text: 'Hi' }
    emulator.faults.next(formerReply(name))

    await expect(transporter.sendMail(letter)).rejects.toMatchObject({
      responseCode: code,
      response: `${code} ${text}`,
    })
    expect(emulator.submissions).toEqual([])
    await transporter.sendMail(letter)
    expect(emulator.submissions).toHaveLength(1)
  },
)
