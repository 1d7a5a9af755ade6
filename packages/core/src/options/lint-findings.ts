import type { Finding, Subject } from './lint-subject.ts'

/** Local parts are compared by case, and no server in use does so (RFC 5321 §2.4). */
export function findTwice({ recipients }: Subject): Finding | false {
  const places = new Map<string, string>()
  for (const { key, path } of recipients) {
    const folded = key.toLowerCase()
    const first = places.get(folded)
    if (first !== undefined) {
      return {
        path,
        message: `The mailbox of ${first} again: it gets two copies.`,
      }
    }
    places.set(folded, path)
  }
  return false
}

export function findChangedName({ options, recipients }: Subject): Finding | false {
  if (options.recipientVariables == null) return false
  const changed = recipients.find(({ name }) => /["\\]/.test(name))
  return (
    changed !== undefined && {
      path: changed.path,
      message: 'Its name is shown without quotation marks and backslashes.',
    }
  )
}

export function usesPredefinedName({ options, written }: Subject): boolean {
  return options.recipientVariables != null && /%recipient_(?:name|fname|lname)%/.test(written)
}

const limit = 4096

/** The fields that recipients get; those that Mailgun takes out do not count. */
export function findLongHeaders({
  message,
  options,
  recipients,
  copied,
}: Subject): Finding | false {
  const shown = options.recipientVariables == null ? recipients : copied.slice(0, 0)
  const { references, headers, subject } = message
  const seen = { ...options, recipientVariables: undefined, templateVariables: undefined }
  const addresses = shown.map(({ name, address }) => name + address)
  const total = bytes([references, headers, subject, addresses, seen])
  return (
    total > limit && {
      path: bytes(references) > total / 2 ? 'references' : 'headers',
      message: `The header fields take about ${Math.ceil(total / 1024)} KB; some servers refuse over 4 KB.`,
    }
  )
}

/** The bytes of a value as JSON. */
export function bytes(value: unknown): number {
  try {
    return new TextEncoder().encode(JSON.stringify(value) ?? '').length
  } catch {
    // A cycle or a BigInt: the builder refuses it by its path, and there is no size to warn of.
    return 0
  }
}
