import type { Json, JsonObject } from '@mailgun-smtp/core/headers'

export interface JsonToken {
  readonly kind: 'key' | 'string' | 'atom' | 'mark'
  readonly text: string
}

const tokens = /"(?:[^"\\]|\\.)*":?|[^\s",:[\]{}]+|[^"\w-]+/g

/** A value as JSON for people, cut where the kind of text changes. */
export function jsonTokens(value: Json): readonly JsonToken[] {
  const pieces = jsonText(value, '').match(tokens) ?? []
  return pieces.map((text) => ({ kind: kindOf(text), text }))
}

const widest = 30

/** Indented, but what fits on a line stays on one. */
function jsonText(value: Json, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)

  const isList = Array.isArray(value)
  const [open, close] = isList ? '[]' : '{}'
  const inner = `${indent}  `
  const parts = isList
    ? value.map((item: Json) => jsonText(item, inner))
    : Object.entries(value as JsonObject).map(
        ([key, item]) => `${JSON.stringify(key)}: ${jsonText(item ?? null, inner)}`,
      )
  const line = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
  if (parts.length === 0) return `${open}${close}`
  if (line.length <= widest && !line.includes('\n')) return line
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`
}

function kindOf(text: string): JsonToken['kind'] {
  if (text.startsWith('"')) return text.endsWith(':') ? 'key' : 'string'
  return /^[\w-]/.test(text) ? 'atom' : 'mark'
}
