import type { JsonObject, RecipientVariables } from '@mailgun-smtp/core/headers'
import { addressParser, decodeWords } from 'postal-mime'
import { formatMailbox, writeField } from './field-text.ts'
import { hasName, type HeaderBlock, type HeaderField } from './header-block.ts'
import { textParts, type TextPart } from './mime-parts.ts'
import {
  parseTemplate,
  render,
  unreplacedIn,
  type RecipientValues,
  type Template,
} from './placeholders.ts'
import { encodeBase64, encodeQuotedPrintable } from './transfer-encoding.ts'

/** What is the same for all copies of a submission, worked out once, when the first copy is looked at. */
export class Personalisation {
  readonly #raw: Buffer
  readonly #header: HeaderBlock
  /** Undefined if the message has no recipient variables: then all copies are the message itself. */
  readonly #variables: ReadonlyMap<string, JsonObject> | undefined
  readonly #to: AddressedTo
  readonly #fields: readonly { readonly field: HeaderField; readonly template: Template }[]
  #parts: readonly { readonly part: TextPart; readonly template: Template }[] | undefined

  constructor(raw: Buffer, header: HeaderBlock, variables: RecipientVariables | null | undefined) {
    this.#raw = raw
    this.#header = header
    this.#variables = variables
      ? new Map(Object.entries(variables).map(([address, own]) => [comparable(address), own]))
      : undefined
    this.#to = readTo(header)
    this.#fields = header.fields.map((field) => ({
      field,
      template: parseTemplate(decodeWords(field.value)),
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

  /** The header fields of a copy, as they read. */
  fieldsOf(values: RecipientValues): readonly (readonly [name: string, value: string])[] {
    return this.#copyFields(values).map(({ name, value }) => [name, value] as const)
  }

  /** The placeholders that nothing is put in place of. */
  unreplaced(values: RecipientValues): readonly string[] {
    const shown = this.#fields.filter(
      ({ field }) => !isRecipientVariables(field) && !(this.isPersonalised && hasName(field, 'to')),
    )
    const templates = [...shown, ...this.#textTemplates()].map(({ template }) => template)
    return unreplacedIn(templates, this.isPersonalised ? values : undefined)
  }

  /** A copy as source. What holds no placeholder keeps its bytes. */
  sourceOf(values: RecipientValues): Buffer {
    if (!this.isPersonalised) return this.#raw
    const pieces: (Buffer | string)[] = []
    const rewritten = this.#textTemplates().filter(
      ({ template }) => template.placeholders.length > 0,
    )
    const root = rewritten.find(({ part }) => part.start === 0)
    for (const { name, value, bytes } of this.#copyFields(values)) {
      if (!(root && isTransferField(name))) pieces.push(bytes ?? writeField(name, value))
    }
    if (root) {
      pieces.push(
        transferFields(root.part),
        '\r\n',
        encodeBody(root.part, render(root.template, values)),
      )
      return concat(pieces)
    }
    pieces.push('\r\n')
    let at = this.#header.bodyStart
    for (const { part, template } of rewritten) {
      pieces.push(this.#raw.subarray(at, part.start))
      for (const field of part.header.fields) {
        if (!isTransferField(field.name)) pieces.push(this.#raw.subarray(field.start, field.end))
      }
      pieces.push(transferFields(part), '\r\n', encodeBody(part, render(template, values)))
      at = part.end
    }
    pieces.push(this.#raw.subarray(at))
    return concat(pieces)
  }

  #copyFields(
    values: RecipientValues,
  ): readonly { readonly name: string; readonly value: string; readonly bytes?: Buffer }[] {
    const copied: { name: string; value: string; bytes?: Buffer }[] = []
    const own = formatMailbox(values.name, values.address)
    let hasTo = false
    for (const { field, template } of this.#fields) {
      const { name, value, start, end } = field
      if (!this.isPersonalised) copied.push({ name, value })
      else if (isRecipientVariables(field)) continue
      else if (hasName(field, 'to')) {
        if (!hasTo) copied.push({ name, value: own })
        hasTo = true
      } else if (template.placeholders.length > 0) {
        copied.push({ name, value: oneLine(render(template, values)) })
      } else {
        copied.push({ name, value, bytes: this.#raw.subarray(start, end) })
      }
    }
    if (this.isPersonalised && !hasTo) copied.push({ name: 'To', value: own })
    return copied
  }

  #textTemplates(): readonly { readonly part: TextPart; readonly template: Template }[] {
    this.#parts ??= textParts(this.#raw).map((part) => ({
      part,
      template: parseTemplate(part.text),
    }))
    return this.#parts
  }
}

/** The display names in To: of single addresses, and of a placeholder that stands for each of them. */
interface AddressedTo {
  readonly names: ReadonlyMap<string, Template>
  readonly everyone: Template | undefined
}

function readTo(header: HeaderBlock): AddressedTo {
  const names = new Map<string, Template>()
  let everyone: Template | undefined
  for (const field of header.fields.filter((each) => hasName(each, 'to'))) {
    for (const { name, address = '' } of addressParser(field.value, { flatten: true })) {
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

function isRecipientVariables(field: HeaderField): boolean {
  return hasName(field, 'x-mailgun-recipient-variables')
}

function isTransferField(name: string): boolean {
  return /^content-(?:type|transfer-encoding)$/i.test(name)
}

/** The fields of a rewritten text: in UTF-8, as what is put in may be beyond the old charset. */
function transferFields(part: TextPart): string {
  const contentType = part.header.fields.find((field) => hasName(field, 'content-type'))?.value
  const bare = (contentType ?? 'text/plain').replace(/;\s*charset\s*=\s*(?:"[^"]*"|[^\s;]+)/gi, '')
  const encoding = part.encoding === 'base64' ? 'base64' : 'quoted-printable'
  return (
    writeField('Content-Type', `${bare}; charset=utf-8`) +
    writeField('Content-Transfer-Encoding', encoding)
  )
}

function encodeBody(part: TextPart, text: string): string {
  const bytes = Buffer.from(text)
  if (part.encoding !== 'base64') return encodeQuotedPrintable(bytes)
  // Before a boundary the line end is the boundary's; at the end of a message there is none yet.
  return encodeBase64(bytes) + (part.start === 0 ? '\r\n' : '')
}

/** A variable's line breaks must not begin a field of their own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}

function concat(pieces: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
  )
}
