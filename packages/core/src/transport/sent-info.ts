import type { NodemailerError, SMTPSentMessageInfo } from 'nodemailer'
import type { ServerReply, TransactionRecord } from '../session/transaction-record.ts'
import type { OutgoingMessage } from '../session/outgoing-message.ts'

/** What nodemailer's `sendMail` resolves to, of a message that was taken. */
export function sentInfo(
  { from, recipients, reply, messageId }: TransactionRecord,
  message: OutgoingMessage,
  time: number,
): SMTPSentMessageInfo {
  const refused = recipients.filter((recipient) => (recipient.reply?.code ?? 0) >= 400)
  return {
    envelope: { from: from || false, to: recipients.map(({ address }) => address) },
    messageId,
    accepted: recipients.filter((one) => !refused.includes(one)).map(({ address }) => address),
    rejected: refused.map(({ address }) => address),
    rejectedErrors: refused.map(refusalOf),
    response: reply ? responseOf(reply) : '',
    envelopeTime: 0,
    messageTime: Math.round(time),
    messageSize: message.size ?? 0,
  }
}

function refusalOf({ address, reply }: TransactionRecord['recipients'][number]): NodemailerError {
  return Object.assign(new Error('The recipient was refused.'), {
    code: 'EENVELOPE',
    command: 'RCPT TO',
    recipient: address,
    ...(reply && { response: responseOf(reply), responseCode: reply.code }),
  })
}

function responseOf({ code, lines }: ServerReply): string {
  return lines.map((line, at) => `${code}${at < lines.length - 1 ? '-' : ' '}${line}`).join('\n')
}
