import { DeliveryError } from '../outcome/errors.ts'
import { lint } from '../options/lint.ts'
import { createMailer } from '../mailer/mailer.ts'
import type { MailgunMessage } from '../message/message.ts'
import type { MailgunOptions } from '../options/options.ts'
import type { RefusedRecipient, Reply } from '../outcome/outcome.ts'
import type { Receipt } from '../outcome/receipt.ts'
import { sendExits } from './exit-codes.ts'
import { readFlags, UsageError, type GivenFlags } from './flags.ts'
import { sendHelp } from './help.ts'
import { readLoginConfig } from './login-config.ts'
import { readOptionArguments } from './option-arguments.ts'
import { harmless, toned, type Terminal } from './terminal.ts'

const flags = {
  url: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string', multiple: true },
  subject: { type: 'string' },
  text: { type: 'string' },
  html: { type: 'string' },
  option: { type: 'string', multiple: true },
  'for-real': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Given = GivenFlags<typeof flags>

/** Sends a test mail, which Mailgun drops unless it is for real. Returns the exit code. */
export async function send(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = readFlags('send', args, flags)
  const { values } = given
  if (values.help) {
    terminal.print(sendHelp)
    return sendExits.accepted.code
  }
  const envelope = readAddresses(given)
  const mailgun = readOptions(given)
  const config = readLoginConfig(values.url, terminal)
  const message: MailgunMessage = {
    ...envelope,
    subject: values.subject ?? 'A test mail from mailgun-smtp',
    ...(await readBody(given, terminal)),
    mailgun,
  }
  for (const warning of lint(message)) terminal.complain(warning.message)
  await using mailer = createMailer(config)
  try {
    const receipt = await mailer.send(message, { signal: terminal.signal })
    return tellReceipt(receipt, given, terminal)
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return tellFailure(error, given, terminal)
  }
}

function readAddresses({ values: { from, to } }: Given): Pick<MailgunMessage, 'from' | 'to'> {
  if (from === undefined) {
    throw new UsageError('send needs --from, an address of the sending domain.')
  }
  if (to === undefined) throw new UsageError('send needs --to, the address of a recipient.')
  return { from, to }
}

function readOptions({ values }: Given): MailgunOptions {
  const options = readOptionArguments(values.option ?? [])
  const isForReal = values['for-real'] === true
  if (options.dropMessage === isForReal) {
    throw new UsageError(
      'A mail is dropped without --for-real and delivered with it: leave the option dropMessage out.',
    )
  }
  return { ...options, dropMessage: !isForReal }
}

async function readBody(
  { values: { text, html }, hasDash }: Given,
  terminal: Terminal,
): Promise<Pick<MailgunMessage, 'text' | 'html'>> {
  if (hasDash && text !== undefined) {
    throw new UsageError('- is the text from standard input: leave it or --text out.')
  }
  const texts = { text: hasDash ? '-' : text, html }
  if (texts.text === '-' && texts.html === '-') {
    throw new UsageError('Standard input can be the text or the HTML, not both.')
  }
  if (texts.text === undefined && texts.html === undefined) {
    return { text: 'A test mail, sent by the command line of mailgun-smtp.\n' }
  }
  const body: { text?: string; html?: string } = {}
  for (const part of ['text', 'html'] as const) {
    const value = texts[part]
    if (value !== undefined) body[part] = value === '-' ? await terminal.readInput() : value
  }
  return body
}

function tellReceipt(receipt: Receipt, { values }: Given, terminal: Terminal): number {
  const { messageId, reply, accepted, attempts } = receipt
  const refused = receipt.refused.map(withoutAddress)
  const exit = refused.length > 0 ? sendExits.partly : sendExits.accepted
  const dropped = !values['for-real']
  if (values.json) {
    const counted = { accepted: accepted.length, refused }
    tellJson({ outcome: 'accepted', messageId, reply, ...counted, attempts, dropped }, terminal)
    return exit.code
  }
  const lines = [
    `${toned(terminal, 'good', '✓')} ${toned(terminal, 'strong', 'accepted')} ${replyText(reply)}`,
    ...refused.map((one) => `${toned(terminal, 'bad', '✗')} ${refusalText(one)}`),
    `  Message-ID ${messageId}`,
    ...(dropped ? ['  Mailgun logs it and drops it: --for-real delivers.'] : []),
  ]
  terminal.print(`${lines.join('\n')}\n`)
  return exit.code
}

function tellFailure(error: DeliveryError, { values }: Given, terminal: Terminal): number {
  const { outcome, message, messageId, retryable } = error
  // The error's own message says why the whole message failed.
  const refused = error.refused.filter(({ fault }) => fault === 'recipient').map(withoutAddress)
  if (values.json) {
    tellJson({ ...error.toJSON(), refused }, terminal)
  } else {
    const lines = [
      `${toned(terminal, 'bad', '✗')} ${toned(terminal, 'strong', outcome)} ${harmless(message)}`,
      ...refused.map((one) => `  ${refusalText(one)}`),
      ...(messageId === undefined ? [] : [`  Message-ID ${messageId}`]),
    ]
    terminal.print(`${lines.join('\n')}\n`)
  }
  return (outcome === 'deferred' && !retryable ? sendExits.hindered : sendExits[outcome]).code
}

function tellJson(result: object, terminal: Terminal): void {
  terminal.print(`${JSON.stringify(result)}\n`)
}

/** What is printed of a recipient. */
type Shown = Pick<RefusedRecipient, 'outcome' | 'reply'>

/** What is printed often ends in a log, where no address belongs. */
function withoutAddress({ outcome, reply }: RefusedRecipient): Shown {
  return { outcome, reply }
}

function refusalText({ outcome, reply }: Shown): string {
  return `one recipient ${outcome}${reply ? ` ${replyText(reply)}` : ''}`
}

function replyText({ code, text }: Reply): string {
  return `${code} ${harmless(text)}`
}
