import { readMailbox, readMailboxes } from '../message/address.ts'
import type { MessageDefaults } from '../message/message.ts'
import { ConfigError, InvalidOptionError } from '../outcome/errors.ts'

const addressFields = { from: readMailbox, sender: readMailbox, replyTo: readMailboxes } as const

/**
 * Reads the addresses of the defaults, so that a wrong one is found when the mailer is made and not at each send.
 *
 * @throws {ConfigError} naming the field.
 */
export function checkDefaults(defaults: MessageDefaults | undefined): void {
  if (typeof defaults !== 'object' || defaults === null) return
  for (const [field, read] of Object.entries(addressFields)) {
    const value: unknown = Reflect.get(defaults, field)
    if (value === undefined || value === null) continue
    try {
      read(value, `defaults.${field}`)
    } catch (error) {
      if (error instanceof InvalidOptionError) throw new ConfigError(`${error.message}.`)
      throw error
    }
  }
}
