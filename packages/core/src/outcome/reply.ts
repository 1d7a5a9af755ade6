import type { ServerReply } from '../session/transaction-record.ts'
import type { Reply } from './outcome.ts'
import { codeMeanings, constantReplies, enhancedMeanings } from './reply-meanings.ts'

/** Longer words of a server are cut before anything looks at them. */
const longest = 500

/** A server's words as one line, without the login: for patterns and for {@link Reply.serverText}, never to be shown. */
export function wordsOf({ lines }: Pick<ServerReply, 'lines'>, secrets: readonly string[]): string {
  let words = ''
  for (const line of lines) {
    words += words === '' ? line : ` ${line}`
    if (words.length > 4 * longest) break
  }
  return secrets.reduce(
    (blanked, secret) => (secret.length > 2 ? blanked.replaceAll(secret, '…') : blanked),
    words.slice(0, 4 * longest).trim(),
  )
}

/**
 * A reply as callers see it.
 *
 * @param text What is known of it; otherwise what its codes mean.
 */
export function readReply(
  reply: ServerReply,
  secrets: readonly string[] = [],
  text?: string,
): Reply {
  const { code, enhanced = enhancedIn(code, reply.lines[0] ?? '') } = reply
  const words = wordsOf(reply, secrets)
  const known = { code, enhanced, text: text ?? meaningOf(code, enhanced, words) }
  return new Answer(known, words.slice(0, longest))
}

/** The server's words are kept where neither a log nor `inspect` nor JSON looks. */
class Answer implements Reply {
  readonly code: number
  declare readonly enhanced?: string
  readonly text: string
  readonly #words: string

  constructor({ code, enhanced, text }: Reply, words: string) {
    this.code = code
    if (enhanced !== undefined) this.enhanced = enhanced
    this.text = text
    this.#words = words
  }

  get serverText(): string {
    return this.#words
  }
}

/** A reply as plain data, without the server's own words. */
export function replyShown({ code, enhanced, text }: Reply): Reply {
  return { code, ...(enhanced === undefined ? {} : { enhanced }), text }
}

/** The enhanced code that a reply's words begin with; its class is that of the code (RFC 2034 §4). */
function enhancedIn(code: number, words: string): string | undefined {
  const enhanced = /^[245]\.\d{1,3}\.\d{1,3}(?![^ ])/.exec(words)?.[0]
  return enhanced?.startsWith(String(Math.floor(code / 100))) ? enhanced : undefined
}

/** What an error says of a reply. */
export function describeReply({ code, enhanced, text }: Reply): string {
  return [code, enhanced, text].filter((part) => part !== undefined && part !== '').join(' ')
}

function meaningOf(code: number, enhanced: string | undefined, words: string): string {
  const phrase = enhanced === undefined ? words : words.slice(enhanced.length).trim()
  if (constantReplies.has(phrase)) return phrase
  const subject = enhanced?.slice(enhanced.indexOf('.') + 1) ?? ''
  // 5.0.0 and 2.0.0 say nothing that the code does not.
  return (
    (Object.hasOwn(enhancedMeanings, subject) ? enhancedMeanings[subject] : undefined) ??
    codeMeanings[code] ??
    ''
  )
}
