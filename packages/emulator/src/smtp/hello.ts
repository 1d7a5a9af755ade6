/** The largest message in bytes, as EHLO states it. Mailgun's pages say 25 MB, its server this. */
export const sizeLimit = 52_428_800

/** What EHLO offers, in the order seen in smtp-cli issue 26 (2023) and PHPMailer issue 2687 (2022). */
const extensions = ['AUTH PLAIN LOGIN', `SIZE ${sizeLimit}`, '8BITMIME', 'SMTPUTF8', 'PIPELINING']

/** The answer to EHLO. STARTTLS stands last, and not inside TLS. */
export function ehloReply(serverId: string, secure: boolean): string {
  const lines = [serverId, ...extensions]
  if (!secure) lines.push('STARTTLS')
  return lines.map((line, at) => `250${at < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('')
}

/** The answer to HELO. */
export function heloReply(serverId: string): string {
  return `250 ${serverId}\r\n`
}
