/** A command line, split: `MAIL FROM:<a@b>` is the verb `MAIL` and the argument `FROM:<a@b>`. */
export interface Command {
  /** In upper case; empty if the line does not begin with letters. */
  readonly verb: string
  readonly argument: string
}

export function parseCommand(line: string): Command {
  const match = /^([A-Za-z]+)(?:[ \t]+(.*))?$/s.exec(line.trimEnd())
  return { verb: match?.[1]?.toUpperCase() ?? '', argument: match?.[2] ?? '' }
}

/** The address and parameters of MAIL or RCPT. */
export interface Path {
  /** Empty for the null sender, `MAIL FROM:<>`. */
  readonly address: string
  /** ESMTP parameters by upper-case keyword; the value is empty if there is none. */
  readonly parameters: ReadonlyMap<string, string>
}

const bracketed = String.raw`<((?:[^<>"]|"(?:[^"\\]|\\.)*")*)>`
// Mailgun also reads an address without angle brackets (seen in an ESP8266 sketch).
const bare = String.raw`([^\s<>]+)`

const paths = {
  FROM: new RegExp(`^FROM:[ \\t]*(?:${bracketed}|${bare})(?:[ \\t]+(.*))?$`, 'i'),
  TO: new RegExp(`^TO:[ \\t]*(?:${bracketed}|${bare})(?:[ \\t]+(.*))?$`, 'i'),
}

/** Reads the argument of MAIL (`FROM`) or RCPT (`TO`); undefined if its address is none by RFC 5321. */
export function parsePath(keyword: 'FROM' | 'TO', argument: string): Path | undefined {
  const match = paths[keyword].exec(argument)
  if (!match) return undefined
  const address = match[1] ?? match[2] ?? ''
  const isNullSender = keyword === 'FROM' && match[1] === ''
  if (!isNullSender && !isAddress(address)) return undefined
  const parameters = new Map<string, string>()
  for (const parameter of (match[3] ?? '').split(/[ \t]+/)) {
    if (parameter === '') continue
    const [name = '', ...value] = parameter.split('=')
    parameters.set(name.toUpperCase(), value.join('='))
  }
  return { address, parameters }
}

const atom = String.raw`[^\s@<>()[\]\\,;:".\x00-\x1f\x7f]+`
const quoted = String.raw`"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"`
const localPart = String.raw`(?:${atom}(?:\.${atom})*|${quoted})`
const label = String.raw`[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?`
const domain = String.raw`(?:${label}(?:\.${label})*|\[[0-9A-Za-z.:]+\])`
const addressPattern = new RegExp(`^${localPart}@${domain}$`, 'u')

function isAddress(text: string): boolean {
  return addressPattern.test(text)
}
