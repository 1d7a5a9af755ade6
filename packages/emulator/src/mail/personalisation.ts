import type { JsonObject, MailgunOptions, RecipientVariables } from '@mailgun-smtp/core/headers'
import { decodeText } from '@mailgun-smtp/core/matchers'
import { applyEdits, type Edit } from '../mime/byte-edits.ts'
import { isStripped, isSuppressed } from './control-headers.ts'
import { formatMailbox, writeField } from '../mime/field-text.ts'
import { addressesIn } from '../mime/mail-address.ts'
import { hasName, type HeaderBlock, type HeaderField } from '../mime/header-block.ts'
import { textParts, type TextPart } from '../mime/text-parts.ts'
import {
  parseTemplate,
  render,
  unreplacedIn,
  type RecipientValues,
  type Template,
} from './placeholders.ts'
import { encodeBody, isTransferField, transferFields } from '../mime/text-rewriting.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d

type Fields = readonly (readonly [name: string, value: string])[]

/** A mail and what its options say of its copies. */
export interface MailToCopy {
  readonly raw: Buffer
  readonly header: HeaderBlock
  readonly variables: RecipientVariables | null | undefined
  readonly suppress: MailgunOptions['suppressHeaders']
  /** Hands out what the function makes, and may remember it. */
  readonly remember: (make: () => readonly TextTemplate[]) => readonly TextTemplate[]
}

/** The text or HTML of a mail, cut at its placeholders. */
export interface TextTemplate {
  readonly part: TextPart
  readonly template: Template
}

/** What is the same for all copies of a submission, worked out once, when the first copy is looked at. */
export class Personalisation {
  readonly #raw: Buffer
  readonly #bodyStart: number
  readonly #suppress: MailgunOptions['suppressHeaders']
  /** Undefined if the message has no recipient variables: then all copies say the same. */
  readonly #variables: ReadonlyMap<string, JsonObject> | undefined
  readonly #to: AddressedTo
  readonly #fields: readonly {
    readonly field: HeaderField
    readonly template: Template
    readonly isStripped: boolean
  }[]
  readonly #remember: MailToCopy['remember']

  constructor({ raw, header, variables, suppress, remember }: MailToCopy) {
    this.#raw = raw
    this.#bodyStart = header.bodyStart
    this.#suppress = suppress
    this.#remember = remember
    this.#variables = variables
      ? new Map(Object.entries(variables).map(([address, own]) => [comparable(address), own]))
      : undefined
    this.#to = readTo(header)
    this.#fields = header.fields.map((field) => ({
      field,
      template: parseTemplate(decodeText(field.value)),
      isStripped: isStripped(field.name, suppress),
    }))
  }

  get isPersonalised(): boolean {
    return this.#variables !== undefined
  }

  /** What is put into the copy for this address. */
  valuesOf(address: string): RecipientValues {
    const variables = this.#variables?.get(comparable(address)) ?? {}
    const nameTemplate = this.#to.names.get(comparable(address)) ?? this.#to.everyone
    const name = nameTemplate ? render(nameTemplate, { address, name: '', variables }) : ''
    return { address, name: oneLine(name), variables }
  }

  /** The header fields of a copy, as they read, below those that Mailgun adds. */
  fieldsOf(values: RecipientValues, added: Fields): Fields {
    const copied = this.#copyFields(values).flatMap(({ name, value }) =>
      value === undefined ? [] : [[name, value] as const],
    )
    return [...this.#unsuppressed(added), ...copied]
  }

  /** The placeholders that nothing is put in place of. */
  unreplaced(values: RecipientValues): readonly string[] {
    const shown = this.#fields.filter(
      ({ field, isStripped }) => !isStripped && !(this.isPersonalised && hasName(field, 'to')),
    )
    const templates = [...shown, ...this.#textTemplates()].map(({ template }) => template)
    return unreplacedIn(templates, this.isPersonalised ? values : undefined)
  }

  /** A copy as source. What holds no placeholder and is delivered keeps its bytes. */
  sourceOf(values: RecipientValues, added: Fields): Buffer {
    const top = this.#unsuppressed(added).map(([name, value]) => writeField(name, value))
    const edits: Edit[] = [{ start: 0, end: 0, by: top.join('') }]
    const rewritten = this.isPersonalised
      ? this.#textTemplates().filter(({ template }) => template.placeholders.length > 0)
      : []
    const root = rewritten.find(({ part }) => part.start === 0)
    const end = endOfFields(this.#raw, this.#bodyStart)
    // A message may end inside its header, without a line end.
    let extra = end > 0 && this.#raw[end - 1] !== lineFeed ? '\r\n' : ''
    for (const { name, value, field, isRewritten } of this.#copyFields(values)) {
      if (!field) extra += writeField(name, value ?? '')
      else if (value === undefined || (root && isTransferField(name))) edits.push(cut(field))
      else if (isRewritten) {
        edits.push({ start: field.start, end: field.end, by: writeField(name, value) })
      }
    }
    if (root) {
      const { part, template } = root
      const by = `${extra}${transferFields(part)}\r\n${encodeBody(part, render(template, values))}`
      return applyEdits(this.#raw, [...edits, { start: end, end: this.#raw.length, by }])
    }
    edits.push({ start: end, end, by: extra })
    for (const { part, template } of rewritten) {
      const { fields, bodyStart } = part.header
      edits.push(...fields.filter(({ name }) => isTransferField(name)).map(cut))
      const by = `${transferFields(part)}\r\n${encodeBody(part, render(template, values))}`
      edits.push({ start: endOfFields(this.#raw, bodyStart), end: part.end, by })
    }
    return applyEdits(this.#raw, edits)
  }

  #unsuppressed(added: Fields): Fields {
    return added.filter(([name]) => !isSuppressed(name, this.#suppress))
  }

  /** Every field of the message: one without a value is not in the copy, one without a field is new. */
  #copyFields(values: RecipientValues): readonly CopiedField[] {
    const copied: CopiedField[] = []
    const own = formatMailbox(values.name, values.address)
    let hasTo = false
    for (const { field, template, isStripped } of this.#fields) {
      const { name, value } = field
      if (isStripped) copied.push({ name, field })
      else if (!this.isPersonalised) copied.push({ name, value, field })
      else if (hasName(field, 'to')) {
        copied.push(hasTo ? { name, field } : { name, value: own, field, isRewritten: true })
        hasTo = true
      } else if (template.placeholders.length > 0) {
        const filled = oneLine(render(template, values))
        copied.push({ name, value: filled, field, isRewritten: true })
      } else {
        copied.push({ name, value, field })
      }
    }
    if (this.isPersonalised && !hasTo) copied.push({ name: 'To', value: own })
    return copied
  }

  #textTemplates(): readonly TextTemplate[] {
    return this.#remember(() =>
      textParts(this.#raw).map((part) => ({ part, template: parseTemplate(part.text) })),
    )
  }
}

interface CopiedField {
  readonly name: string
  readonly value?: string
  readonly field?: HeaderField
  readonly isRewritten?: true
}

/** The display names in To: of single addresses, and of a placeholder for each of them. */
interface AddressedTo {
  readonly names: ReadonlyMap<string, Template>
  readonly everyone: Template | undefined
}

function readTo(header: HeaderBlock): AddressedTo {
  const names = new Map<string, Template>()
  let everyone: Template | undefined
  for (const field of header.fields.filter((each) => hasName(each, 'to'))) {
    for (const { name, address } of addressesIn(field.value)) {
      if (address.includes('%recipient')) everyone ??= parseTemplate(name)
      else if (address !== '') names.set(comparable(address), parseTemplate(name))
    }
  }
  return { names, everyone }
}

/** Domains compare without case; whether Mailgun compares local parts so is unknown, so they do not. */
function comparable(address: string): string {
  const at = address.lastIndexOf('@')
  return address.slice(0, at + 1) + address.slice(at + 1).toLowerCase()
}

function cut({ start, end }: HeaderField): Edit {
  return { start, end, by: '' }
}

/** Where the empty line begins that ends a header; the body's start if there is none. */
function endOfFields(raw: Buffer, bodyStart: number): number {
  if (raw[bodyStart - 1] !== lineFeed) return bodyStart
  const before = raw[bodyStart - 2] === carriageReturn ? bodyStart - 2 : bodyStart - 1
  return before === 0 || raw[before - 1] === lineFeed ? before : bodyStart
}

/** A variable's line breaks must not begin a field of their own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}
