import type { Command } from './command.ts'

/** Verbs whose lines hold no secret and no piece of a message. */
const shown: ReadonlySet<string> = new Set(
  'EHLO HELO STARTTLS MAIL RCPT DATA RSET NOOP VRFY HELP QUIT BDAT EXPN ETRN TURN XCLIENT'.split(
    ' ',
  ),
)

const knownMechanisms = /^(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|XOAUTH2|OAUTHBEARER)$/i

/**
 * A client's line as a transcript may hold it.
 *
 * A line that is not a command may be half of a refused login, or part of a refused message: it is counted, not shown.
 */
export function shownLine(line: string, { verb, argument }: Command): string {
  if (shown.has(verb)) return line
  if (verb === 'AUTH') {
    const [name = ''] = argument.split(/[ \t]+/)
    if (!knownMechanisms.test(name)) return 'AUTH ***'
    return argument.trim() === name ? line : `AUTH ${name} ***`
  }
  return `*** (${Buffer.byteLength(line)} bytes)`
}
