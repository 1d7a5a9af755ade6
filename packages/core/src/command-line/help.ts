import type { MailgunOptionName } from '../options/options.ts'
import { registry } from '../options/registry.ts'
import { doctorExits, sendExits, type Exit } from './exit-codes.ts'
import { examples } from './option-arguments.ts'

export const help: string = `mailgun-smtp: checks sending through Mailgun's SMTP.

  mailgun-smtp doctor    finds out why mail does not go out, and says what to change; sends nothing
  mailgun-smtp send      sends a test mail, which Mailgun drops without --for-real

  --help                 of a command, too: mailgun-smtp send --help
  --version

Both commands read the login from the environment: MAILGUN_SMTP_URL, such as mailgun+smtp://login:password@us:587, or
MAILGUN_SMTP_LOGIN and _PASSWORD with _REGION, _SERVER and _PORT. You can use --url instead, but other users can see
it in the list of processes.
`

export const doctorHelp: string = `mailgun-smtp doctor [flags]

  --url URL        instead of the environment
  --timeout 10     seconds for each step
  --json           print the diagnosis as one line of JSON

It connects to the ports of the server and logs in on one after the other. A login that is refused is tried once
more, in the other region only.

${exitHelp(doctorExits)}`

export const sendHelp: string = `mailgun-smtp send --from ADDRESS --to ADDRESS [flags] [-]

  --from ADDRESS         an address of the sending domain
  --to ADDRESS           may be repeated
  --subject TEXT
  --text TEXT            the body; - reads it from standard input, and so does a lone -
  --html TEXT            the same as HTML
  --option NAME=VALUE    an option of Mailgun's; may be repeated
  --for-real             deliver it; otherwise Mailgun accepts it, logs it, charges for it and drops it
  --url URL              instead of the environment
  --json                 print the outcome as one line of JSON

Options, each as an example
${optionHelp()}

${exitHelp(sendExits)}`

function optionHelp(): string {
  return (Object.keys(registry) as MailgunOptionName[])
    .map((name) => `  ${name}=${examples[name]}`)
    .join('\n')
}

function exitHelp(exits: Readonly<Record<string, Exit>>): string {
  const rows = Object.values(exits).toSorted((a, b) => a.code - b.code)
  return `Exit codes
${rows.map(({ code, means }) => `  ${String(code).padEnd(3)} ${means}\n`).join('')}`
}
