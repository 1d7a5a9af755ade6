import type { JsonObject } from '@mailgun-smtp/core/headers'
import { formatMailbox } from '../mime/field-text.ts'

/** What Mailgun puts in place of placeholders in one recipient's copy. */
export interface RecipientValues {
  /** As in RCPT. */
  readonly address: string
  /** The display name in the To header; empty if there is none. */
  readonly name: string
  /** The recipient's own variables. */
  readonly variables: JsonObject
}

interface Placeholder {
  /** As written: `%recipient.first%`. */
  readonly source: string
  /** The custom variable's name: `first`. */
  readonly variable?: string | undefined
  /** `email`, `name`, `fname` or `lname`; neither this nor a variable is `%recipient%`. */
  readonly predefined?: string | undefined
}

/** A string cut at its placeholders: cheap to put together for each of a thousand recipients. */
export interface Template {
  /** One more than there are placeholders, which are between them. */
  readonly literals: readonly string[]
  readonly placeholders: readonly Placeholder[]
}

// Unsubscribe links (%unsubscribe_url%) are another matter: Mailgun fills them in with or without recipient variables.
const pattern = /%recipient(?:\.([^%\r\n]+)|_(email|name|fname|lname))?%/g

export function parseTemplate(text: string): Template {
  const literals: string[] = []
  const placeholders: Placeholder[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    literals.push(text.slice(end, match.index))
    placeholders.push({ source: match[0], variable: match[1], predefined: match[2] })
    end = match.index + match[0].length
  }
  literals.push(text.slice(end))
  return { literals, placeholders }
}

/** What one copy says. A placeholder without a value stays as it is, as at Mailgun. */
export function render(template: Template, values: RecipientValues): string {
  let text = template.literals[0] ?? ''
  for (const [at, placeholder] of template.placeholders.entries()) {
    text += valueOf(placeholder, values) ?? placeholder.source
    text += template.literals[at + 1] ?? ''
  }
  return text
}

/** The placeholders that stay as they are, each once, in order. */
export function unreplacedIn(
  templates: Iterable<Template>,
  values: RecipientValues | undefined,
): readonly string[] {
  const found = new Set<string>()
  for (const { placeholders } of templates) {
    for (const placeholder of placeholders) {
      if (!values || valueOf(placeholder, values) === undefined) found.add(placeholder.source)
    }
  }
  return [...found]
}

function valueOf(placeholder: Placeholder, values: RecipientValues): string | undefined {
  const { variable, predefined } = placeholder
  if (variable !== undefined) return variableText(values.variables, variable)
  const { address, name } = values
  switch (predefined) {
    case 'email':
      return address
    case 'name':
      return name
    case 'fname':
      return name.split(/\s+/)[0] ?? ''
    case 'lname':
      return name.split(/\s+/).slice(1).join(' ')
    case undefined:
    default:
      return formatMailbox(name, address)
  }
}

/** Strings, numbers and booleans are put in, unescaped; nested values are not (seen in mailgun.js issue 34). */
function variableText(variables: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  const isScalar =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isScalar ? String(value) : undefined
}
