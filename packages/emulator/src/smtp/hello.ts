/** What EHLO offers, in the order seen in smtp-cli issue 26 (2023) and PHPMailer issue 2687 (2022). */
const extensions = ['AUTH PLAIN LOGIN', 'SIZE', '8BITMIME', 'SMTPUTF8', 'PIPELINING']

/** The answer to EHLO. STARTTLS is last, and is not offered inside TLS. */
export function ehloReply(
  serverId: string,
  offer: { readonly messageBytes: number; readonly startTls: boolean },
): string {
  const offered = extensions.map((name) => (name === 'SIZE' ? `SIZE ${offer.messageBytes}` : name))
  const lines = [serverId, ...offered]
  if (offer.startTls) lines.push('STARTTLS')
  return lines.map((line, at) => `250${at < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('')
}

/** The answer to HELO. */
export function heloReply(serverId: string): string {
  return `250 ${serverId}\r\n`
}
