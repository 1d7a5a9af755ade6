import { isIPv4 } from 'node:net'

/** Where Mailgun keeps a domain. A domain, its logins and its messages live in one region only. */
export type Region = 'us' | 'eu'

/** Mailgun's SMTP servers. */
export const regions: Readonly<Record<Region, { readonly host: string; readonly other: Region }>> =
  {
    us: { host: 'smtp.mailgun.org', other: 'eu' },
    eu: { host: 'smtp.eu.mailgun.org', other: 'us' },
  }

/** A port and how it begins. */
export interface Port {
  readonly port: number
  readonly secure: boolean
}

/** How a port begins: encrypted from the first byte, or with STARTTLS (manual, "Send via SMTP"). */
export const ports: Readonly<Record<number, Pick<Port, 'secure'>>> = {
  25: { secure: false },
  465: { secure: true },
  587: { secure: false },
  2525: { secure: false },
}

/** Mailgun's advice: many providers block or throttle 25. */
export const defaultPort = 587

/** Whether the host is this machine: the only place plaintext and unverified certificates are let through to. */
export function isLoopback(host: string): boolean {
  // A number over 255 makes it a name, which DNS may resolve to any address.
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}
