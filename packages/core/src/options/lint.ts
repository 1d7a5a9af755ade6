import { isPlainObject } from './json.ts'
import type { MailgunOptions } from './options.ts'

/** What lint reads of a message: nodemailer's words, and nothing of nodemailer. */
export interface LintableMessage {
  readonly mailgun?: MailgunOptions | undefined
  readonly to?: unknown
  readonly cc?: unknown
  readonly bcc?: unknown
  readonly subject?: unknown
  readonly text?: unknown
  readonly html?: unknown
}

/** The code of a warning, shared with the emulator. */
export type LintCode =
  | 'tags-over-3'
  | 'tags-over-10'
  | 'deliver-by-past'
  | 'deliver-by-over-3-days'
  | 'deliver-by-over-7-days'
  | 'competing-schedules'
  | 'variables-over-4-kb'
  | 'options-over-16-kb'
  | 'tracking-contradiction'
  | 'secondary-dkim-missing'
  | 'template-name-missing'
  | 'template-without-html'
  | 'tls-not-enforced'
  | 'recipients-see-each-other'
  | 'batch-with-copies'
  | 'recipient-without-variables'
  | 'variables-without-recipient'
  | 'nested-recipient-variable'
  | 'placeholder-without-variable'

/** Something that Mailgun will take, and may not do as meant. */
export interface LintWarning {
  readonly code: LintCode
  /** The field or option it is about. */
  readonly path: string
  readonly message: string
}

/** A rule finds nothing, or the path it is about. */
interface LintRule {
  readonly path: string
  readonly message: string
  readonly finds: (message: Subject) => boolean
}

/** A message, taken apart once for all rules. */
interface Subject {
  readonly options: MailgunOptions
  readonly recipients: readonly string[]
  readonly to: readonly string[]
  readonly copied: readonly string[]
  readonly variableKeys: readonly string[]
  readonly placeholders: readonly string[]
  readonly message: LintableMessage
  readonly deliverBy: number | undefined
}

const day = 24 * 60 * 60 * 1000

function bytes(value: unknown): number {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length
  } catch {
    // A cycle or a BigInt: the builder refuses it by its path, and there is no size to warn of.
    return 0
  }
}

/** Limits that depend on the plan, or on which of Mailgun's pages one reads, and pairs that work against each other. */
const rules: Readonly<Record<LintCode, LintRule>> = {
  'tags-over-3': {
    path: 'tags',
    message:
      'Older pages of Mailgun allow 3 tags a message; the others may be missing in statistics.',
    finds: ({ options }) => (options.tags?.length ?? 0) > 3,
  },
  'tags-over-10': {
    path: 'tags',
    message: 'Mailgun allows 10 tags a message; the others will be missing in statistics.',
    finds: ({ options }) => (options.tags?.length ?? 0) > 10,
  },
  'deliver-by-past': {
    path: 'deliverBy',
    message: 'The time has passed: Mailgun delivers at once.',
    finds: ({ deliverBy }) => deliverBy !== undefined && deliverBy < Date.now(),
  },
  'deliver-by-over-3-days': {
    path: 'deliverBy',
    message: 'More than 3 days ahead: only plans that keep messages for 7 days schedule so far.',
    finds: ({ deliverBy }) => deliverBy !== undefined && deliverBy > Date.now() + 3 * day,
  },
  'deliver-by-over-7-days': {
    path: 'deliverBy',
    message: 'More than 7 days ahead: no plan schedules so far.',
    finds: ({ deliverBy }) => deliverBy !== undefined && deliverBy > Date.now() + 7 * day,
  },
  'competing-schedules': {
    path: 'deliverBy',
    message:
      'Mailgun documents deliverBy, deliveryTimeOptimizePeriod and timeZoneLocalize each alone; together they are undefined.',
    finds: ({ options }) =>
      [options.deliverBy, options.deliveryTimeOptimizePeriod, options.timeZoneLocalize].filter(
        (option) => option !== undefined && option !== null,
      ).length > 1,
  },
  'variables-over-4-kb': {
    path: 'variables',
    message: 'Over 4 KB of JSON: Mailgun cuts it in events and webhooks.',
    finds: ({ options }) => options.variables != null && bytes(options.variables) > 4096,
  },
  'options-over-16-kb': {
    path: 'mailgun',
    message:
      "Over 16 KB of options beside recipient variables: more than Mailgun's HTTP API takes.",
    finds: ({ options }) => bytes({ ...options, recipientVariables: undefined }) > 16384,
  },
  'tracking-contradiction': {
    path: 'track',
    message:
      'track switches opens and clicks together; which one wins over its own option is not documented.',
    finds: ({ options: { track, trackClicks, trackOpens } }) =>
      typeof track === 'boolean' &&
      [trackClicks, trackOpens].some((own) => own != null && (own !== false) !== track),
  },
  'secondary-dkim-missing': {
    path: 'secondaryDkimPublic',
    message: 'It needs secondaryDkim.',
    finds: ({ options }) => options.secondaryDkimPublic != null && options.secondaryDkim == null,
  },
  'template-name-missing': {
    path: 'templateName',
    message: 'templateVersion and templateVariables need templateName.',
    finds: ({ options }) =>
      options.templateName == null &&
      (options.templateVersion != null || options.templateVariables != null),
  },
  'template-without-html': {
    path: 'html',
    message:
      'Mailgun renders a template into the HTML part; a message without one is not rendered.',
    finds: ({ options, message }) => options.templateName != null && message.html === undefined,
  },
  'tls-not-enforced': {
    path: 'skipVerification',
    message:
      'Without requireTls, unverified TLS falls back to plaintext where STARTTLS is not offered.',
    finds: ({ options }) => options.skipVerification === true && options.requireTls !== true,
  },
  'recipients-see-each-other': {
    path: 'to',
    message: 'Several recipients without recipientVariables: each sees the address of the others.',
    finds: ({ options, to }) => to.length > 1 && options.recipientVariables == null,
  },
  'batch-with-copies': {
    path: 'cc',
    message: 'With recipientVariables, cc and bcc are recipients with a copy of their own.',
    finds: ({ options, copied }) => options.recipientVariables != null && copied.length > 0,
  },
  'recipient-without-variables': {
    path: 'recipientVariables',
    message:
      'A recipient has no variables: placeholders stay literal in that copy. Keys must match the address exactly.',
    finds: ({ options, recipients, variableKeys, placeholders }) =>
      options.recipientVariables != null &&
      placeholders.length > 0 &&
      recipients.some((address) => !variableKeys.includes(address)),
  },
  'variables-without-recipient': {
    path: 'recipientVariables',
    message: 'Variables are given for an address that is no recipient.',
    finds: ({ recipients, variableKeys }) =>
      recipients.length > 0 && variableKeys.some((address) => !recipients.includes(address)),
  },
  'nested-recipient-variable': {
    path: 'recipientVariables',
    message: 'Mailgun substitutes flat values only.',
    finds: ({ options }) =>
      Object.values(options.recipientVariables ?? {}).some((variables) =>
        Object.values(Object(variables) as object).some(
          (value: unknown) => typeof value === 'object' && value !== null,
        ),
      ),
  },
  'placeholder-without-variable': {
    path: 'recipientVariables',
    message: 'A %recipient.…% placeholder has no variable for some recipient and stays literal.',
    finds: ({ options, placeholders }) =>
      placeholders.some((name) =>
        Object.values(options.recipientVariables ?? { none: {} }).some(
          (variables) => !Object.hasOwn(Object(variables) as object, name),
        ),
      ),
  },
}

/**
 * What Mailgun will take but may not do as meant. It refuses nothing and needs no network.
 */
export function lint(message: LintableMessage): LintWarning[] {
  const subject = takeApart(message)
  return Object.entries(rules)
    .filter(([, rule]) => rule.finds(subject))
    .map(([code, rule]) => ({ code: code as LintCode, path: rule.path, message: rule.message }))
}

function takeApart(message: LintableMessage): Subject {
  const options: MailgunOptions = isPlainObject(message.mailgun) ? message.mailgun : {}
  const to = addressesIn(message.to)
  const copied = [...addressesIn(message.cc), ...addressesIn(message.bcc)]
  const body = [message.subject, message.text, message.html]
    .filter((part) => typeof part === 'string')
    .join('\n')
  const { deliverBy } = options
  const time =
    typeof deliverBy === 'string' ? Date.parse(deliverBy) : (deliverBy?.getTime?.() ?? Number.NaN)
  return {
    options,
    to,
    copied,
    recipients: [...to, ...copied],
    variableKeys: Object.keys(options.recipientVariables ?? {}),
    placeholders: Array.from(body.matchAll(/%recipient\.([^%\s]+)%/g), ([, name]) => name ?? ''),
    message,
    deliverBy: Number.isNaN(time) ? undefined : time,
  }
}

/** The plain addresses of an address field: enough to compare with keys; the sender's own check is stricter. */
function addressesIn(field: unknown): string[] {
  if (Array.isArray(field)) return field.flatMap(addressesIn)
  if (typeof field === 'object' && field !== null) {
    return addressesIn(Reflect.get(field, 'address'))
  }
  if (typeof field !== 'string') return []
  return field
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .split(/[,;]/)
    .map((mailbox) => (/<([^<>]*)>/.exec(mailbox)?.[1] ?? mailbox).trim())
    .filter((address) => address.includes('@'))
}
