import { isSecret } from './secret-fields.ts'
import type { InvalidState } from './state.ts'

/** What to do about a form that is too large for the server. */
export interface SizeLimit {
  /**
   * Bytes of all files and values together. A larger form is not submitted, as Next.js answers it with an error page.
   * Default 1,000,000; raise it with `serverActions.bodySizeLimit` and the action's `attachments.maxTotalBytes`.
   */
  readonly maxBytes?: number | undefined
  /** What the visitor reads then. */
  readonly tooLarge?: string | undefined
}

/** What the server would answer to a form that is too large, or `undefined` if it is not. */
export function tooLargeState(
  data: FormData,
  { maxBytes = 1_000_000, tooLarge = 'This is too large to be sent.' }: SizeLimit,
): InvalidState | undefined {
  let [bytes, largest] = [0, 0]
  let field: string | undefined
  for (const [name, value] of data) {
    const isText = typeof value === 'string'
    const size = isText ? new Blob([value]).size : value.size
    bytes += size
    if (!isText && size > largest) [field, largest] = [name, size]
  }
  if (bytes <= maxBytes) return undefined
  return {
    status: 'invalid',
    fieldErrors: field === undefined ? {} : { [field]: [tooLarge] },
    formErrors: field === undefined ? [tooLarge] : [],
    values: typedTexts(data),
  }
}

/** What was typed and chosen, as the action would give it back. */
function typedTexts(data: FormData): InvalidState['values'] {
  return Object.fromEntries(
    [...new Set(data.keys())].flatMap((name) => {
      const texts = data.getAll(name).filter((value) => typeof value === 'string')
      const [first] = texts
      if (first === undefined || isSecret(name)) return []
      return [[name, texts.length === 1 ? first : texts]]
    }),
  )
}
