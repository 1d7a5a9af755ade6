import { z } from 'zod'
import type { MailActionSettings } from '../../src/action/action-settings.ts'

/** The schema of the form that the tests submit. */
export const schema = z.object({
  name: z.string().min(1, 'Your name, please.'),
  email: z.email('Not an address.'),
  text: z.string().trim(),
})
export type Settings = MailActionSettings<typeof schema>
export type OnError = NonNullable<Settings['onError']>
export type OnSpam = NonNullable<Settings['onSpam']>

/** What a visitor types who does everything right. */
export const typed = { name: 'Ada', email: 'ada@example.net', text: 'Hello,\r\nthere.' }
export const idle = { status: 'idle' } as const

/** A submitted form. */
export function form(values: Record<string, string>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(values)) data.append(name, value)
  return data
}
