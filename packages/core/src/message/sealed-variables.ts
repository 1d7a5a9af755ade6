import { isPlainObject, propertyPath } from '../options/json.ts'
import type { RecipientVariables } from '../options/options.ts'
import { placeholdersIn } from '../options/placeholders.ts'
import { InvalidOptionError } from '../outcome/errors.ts'
import { decodeWords } from './field-words.ts'
import { unfold } from '../options/fold.ts'

/** What a value must not hold where it is put into a header field. */
export interface FieldRule {
  /** The names that it holds for, in lower case. */
  readonly fields: RegExp
  readonly forbidden: RegExp
  readonly rule: string
}

/** The first row that fits a field's name holds. */
const rules: readonly FieldRule[] = [
  {
    // RFC 5322 §3.4: in an address field these end a name, or begin another address.
    fields:
      /^(?:resent-)?(?:from|sender|reply-to|cc|bcc)$|^(?:return-receipt|disposition-notification|errors)-to$/,
    forbidden: /[\p{Cc}\u2028\u2029"\\<>,;]/u,
    rule: 'must hold no line break and none of " \\ < > , ; because the message puts it in an address field',
  },
  {
    // The To field of a personalised copy is a quoted name and the recipient's own address.
    fields: /^to$/,
    forbidden: /[\p{Cc}\u2028\u2029"\\]/u,
    rule: 'must hold no line break, " or \\ because the message puts it in the To field',
  },
  {
    // RFC 2369 §2: an address is what is between angle brackets.
    fields: /^list-/,
    forbidden: /[\p{Cc}\u2028\u2029\s<>]/u,
    rule: 'must hold no blank, < or > because the message puts it in a List- field',
  },
  {
    // RFC 5322 §2.2: a line break would begin another field.
    fields: /(?:)/,
    forbidden: /[\p{Cc}\u2028\u2029]/u,
    rule: 'must hold no line break or other control character because the message puts it in a header field',
  },
]

/** What a value must not hold in the field of this name. */
export function fieldRule(name: string): FieldRule {
  const rule = rules.find(({ fields }) => fields.test(name.toLowerCase()))
  if (!rule) throw new Error('The last rule holds for every name.')
  return rule
}

/** Notes that a variable is put into a field. */
export function addRule(used: Map<string, FieldRule[]>, key: string, rule: FieldRule): void {
  const known = used.get(key) ?? []
  if (!known.includes(rule)) used.set(key, [...known, rule])
}

/** The first of the rules that a value breaks. */
export function brokenRule(value: unknown, fieldRules: readonly FieldRule[]): string | undefined {
  if (typeof value !== 'string') return undefined
  return fieldRules.find(({ forbidden }) => forbidden.test(value))?.rule
}

/**
 * Refuses recipient variables that would break out of a header field. It is given the fields as they will leave, so
 * that it is the same whether a placeholder came from the message, the defaults, a part or a plugin.
 *
 * @param fields Folded, as in a header block: those of the message and of its parts.
 * @throws {InvalidOptionError} naming the variable.
 */
export function checkVariablesInFields(
  fields: Iterable<string>,
  variables: RecipientVariables,
): void {
  const used = new Map<string, FieldRule[]>()
  for (const field of fields) {
    const colon = field.indexOf(':')
    const name = field.slice(0, colon).trim().toLowerCase()
    if (name === 'x-mailgun-recipient-variables') continue
    const keys = placeholdersIn(decodeWords(unfold(field.slice(colon + 1))))
    for (const key of keys) addRule(used, key, fieldRule(name))
  }
  if (used.size === 0) return
  let index = 0
  for (const own of Object.values(variables)) {
    if (isPlainObject(own)) checkRecipient(own, used, index)
    index += 1
  }
}

function checkRecipient(
  own: Record<string, unknown>,
  used: ReadonlyMap<string, readonly FieldRule[]>,
  index: number,
): void {
  for (const [key, fieldRules] of used) {
    const broken = brokenRule(Object.hasOwn(own, key) ? own[key] : undefined, fieldRules)
    if (broken !== undefined) {
      // The address is not named: no error shows a recipient.
      throw new InvalidOptionError(propertyPath(`recipientVariables[${index}]`, key, 0), broken)
    }
  }
}
