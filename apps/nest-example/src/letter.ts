import type { MailgunMessage } from '@mailgun-smtp/nestjs'
import type { Member } from './member.ts'

/** What every letter of the library has in common. */
export function letterTo({ name, email }: Member): Pick<MailgunMessage, 'from' | 'to'> {
  return {
    from: 'The Lending Library <desk@mg.example.com>',
    to: { name, address: email },
  }
}
