import { createHash } from 'node:crypto'
import { mailgunHeaders } from '../options/header-fields.ts'
import {
  mailIn,
  recipientsOf,
  submissionOf,
  type CapturedMail,
  type MailAttachment,
  type MailBody,
} from './mail.ts'
import { decodeText } from './decode-text.ts'
import { stableHeader, stableText } from './volatile-parts.ts'

/** How a mail is written down. */
export interface MailSnapshotSettings {
  /** What else changes with each run, and what to write for it; applied in order, everywhere in the snapshot. */
  readonly replace?: readonly (readonly [pattern: string | RegExp, text: string])[] | undefined
}

/**
 * A mail as a string that stays the same as long as the sent mail does: envelope, headers in order, decoded options, both
 * bodies, and each attachment with a hash. What no two runs share, such as Message-ID, Date and boundaries, is replaced.
 *
 * @throws {TypeError} if it is not a mail, or `replace` is not a list of pairs.
 */
export async function mailSnapshot(
  mail: CapturedMail,
  { replace = [] }: MailSnapshotSettings = {},
): Promise<string> {
  const captured = mailIn(mail, 'mailSnapshot')
  checkReplacements(replace)
  const stable = stableText(describe(captured, await captured.load()))
  return replace.reduce(
    (text, [pattern, replacement]) => text.replaceAll(everywhere(pattern), replacement),
    stable,
  )
}

function describe(mail: CapturedMail, { text, html = '', attachments }: MailBody): string {
  const { envelope, options } = submissionOf(mail)
  const sections: Readonly<Record<string, readonly string[]>> = {
    envelope: [
      `from: ${envelope.from}`,
      ...recipientsOf(mail).map((recipient) => `to: ${recipient}`),
    ],
    state: mail.state === undefined ? [] : [mail.state],
    headers: mail.headers.map(
      ([name, value]) => `${name}: ${decodeText(stableHeader(name, value))}`,
    ),
    options: mailgunHeaders.flatMap(({ option }) =>
      options[option] === undefined
        ? []
        : [`${option}: ${JSON.stringify(options[option], null, 2)}`],
    ),
    text: bodyLines(text),
    html: bodyLines(html),
    attachments: attachments.map(describeAttachment),
  }
  return Object.entries(sections)
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => `${name}\n${indented(lines.join('\n'))}`)
    .join('\n\n')
}

function bodyLines(body: string): readonly string[] {
  // Decoders differ in the line ends that they leave after a body.
  const text = body.replaceAll('\r\n', '\n').trimEnd()
  return text === '' ? [] : [text]
}

function describeAttachment({
  filename,
  contentType,
  size,
  contentId,
  content,
}: MailAttachment): string {
  return [
    filename ?? 'no name',
    contentType,
    `${size} bytes`,
    ...(contentId === undefined ? [] : [`cid:${contentId}`]),
    ...(content === undefined
      ? []
      : [`sha256:${createHash('sha256').update(content).digest('hex').slice(0, 16)}`]),
  ].join(', ')
}

/** So that no line of a mail looks like the beginning of a section. */
function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}

function everywhere(pattern: string | RegExp): string | RegExp {
  return typeof pattern === 'string' || pattern.global
    ? pattern
    : new RegExp(pattern, `${pattern.flags}g`)
}

function checkReplacements(replace: unknown): void {
  const arePairs =
    Array.isArray(replace) &&
    replace.every(
      (pair) =>
        Array.isArray(pair) &&
        pair.length === 2 &&
        (pair[0] instanceof RegExp || (typeof pair[0] === 'string' && pair[0] !== '')) &&
        typeof pair[1] === 'string',
    )
  if (!arePairs) {
    throw new TypeError("replace is a list of pairs such as [/order \\d+/, 'order 1'].")
  }
}
