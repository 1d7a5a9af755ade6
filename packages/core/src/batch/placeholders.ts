import { headerEntries } from '../message/header-entries.ts'
import type { MailgunMessage } from '../message/message.ts'
import { nameVariable } from '../message/recipient-variables.ts'
import { addRule, fieldRule, type FieldRule } from '../message/sealed-variables.ts'
import { placeholdersIn } from '../options/placeholders.ts'

/** The recipient variables that a message puts in. */
export interface UsedVariables {
  readonly everywhere: ReadonlySet<string>
  /** Those that are put into header fields, with what a value must not hold there. */
  readonly inHeader: ReadonlyMap<string, readonly FieldRule[]>
}

const bodies = new Set([
  'text',
  'html',
  'watchHtml',
  'amp',
  'icalEvent',
  'alternatives',
  'attachments',
])

/** The header field of a message's field, where the two differ in more than case. */
const fieldNames: Readonly<Record<string, string>> = { replyTo: 'reply-to', list: 'list-' }

/** Finds every `%recipient.key%` of a message. Bodies that are read from elsewhere cannot be looked into. */
export function usedVariables(message: MailgunMessage): UsedVariables {
  const everywhere = new Set<string>()
  const inHeader = new Map<string, FieldRule[]>()
  const look = (value: unknown, readsBytes: boolean, rule?: FieldRule): void => {
    for (const text of textsIn(value, readsBytes)) {
      for (const key of placeholdersIn(text)) {
        everywhere.add(key)
        if (rule) addRule(inHeader, key, rule)
      }
    }
  }
  for (const [field, value] of Object.entries(message)) {
    if (bodies.has(field)) look(value, field !== 'attachments')
    else if (field === 'headers') {
      for (const { key, value: own } of headerEntries(value)) look(own, false, fieldRule(key))
    } else look(value, false, fieldRule(fieldNames[field] ?? field))
  }
  // The To field of every copy puts it in.
  addRule(inHeader, nameVariable, fieldRule('to'))
  return { everywhere, inHeader }
}

/** Deeper values are refused when the message is built. */
const maxDepth = 32

function* textsIn(
  value: unknown,
  readsBytes: boolean,
  depth = 0,
  seen = new Set<unknown>(),
): Generator<string> {
  if (typeof value === 'string') {
    yield value
  } else if (value instanceof Uint8Array) {
    if (readsBytes) yield new TextDecoder().decode(value)
  } else if (typeof value === 'object' && value !== null && depth < maxDepth && !seen.has(value)) {
    seen.add(value)
    for (const inner of Object.values(value)) yield* textsIn(inner, readsBytes, depth + 1, seen)
  }
}
