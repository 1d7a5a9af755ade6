import type { MailgunOptions } from '../../src/options/options.ts'

/** What options say, in a form to compare: what the wire writes alike is alike. */
export function meaningOf(options: MailgunOptions): Readonly<Record<string, unknown>> {
  const meaning: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    const said = saidBy(name, value)
    if (said !== undefined) meaning[name] = said
  }
  return meaning
}

function saidBy(name: string, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  switch (name) {
    case 'dropMessage':
      // No value turns test mode off, so `false` is not written.
      return value === true ? true : undefined
    case 'deliverBy':
      return `${new Date(value as string).toISOString().slice(0, 19)}Z`
    case 'timeZoneLocalize':
      return (value as string).toUpperCase()
    case 'tags':
      return (value as string[]).length > 0 ? value : undefined
    case 'suppressHeaders': {
      const names = [value].flat() as string[]
      if (names.some((header) => header.toLowerCase() === 'all')) return ['all']
      return names.length > 0 ? names : undefined
    }
    case 'variables':
    case 'recipientVariables':
    case 'templateVariables':
      return JSON.stringify(value)
    default:
      return value
  }
}
