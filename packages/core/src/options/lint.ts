import {
  bytes,
  findChangedName,
  findLongHeaders,
  findTwice,
  usesPredefinedName,
} from './lint-findings.ts'
import { type Finding, type LintableMessage, type Subject, takeApart } from './lint-subject.ts'

export type { LintableMessage } from './lint-subject.ts'

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
  | 'recipient-twice'
  | 'name-changed'
  | 'predefined-name'
  | 'headers-over-4-kb'

/** Something that Mailgun will take, and may not do as meant. */
export interface LintWarning {
  readonly code: LintCode
  /** The field or option it is about. */
  readonly path: string
  readonly message: string
}

/** A rule that says the same of every message it finds something in. */
interface FixedRule extends Finding {
  readonly finds: (message: Subject) => boolean
}

/** A rule whose words depend on the message. */
interface FindingRule {
  readonly finds: (message: Subject) => Finding | false
}

const day = 24 * 60 * 60 * 1000

/** Limits that depend on the plan, or on which of Mailgun's pages one reads, and pairs that work against each other. */
const rules: Readonly<Record<LintCode, FixedRule | FindingRule>> = {
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
      recipients.some(({ key }) => !variableKeys.has(key.toLowerCase())),
  },
  'variables-without-recipient': {
    path: 'recipientVariables',
    message: 'Variables are given for an address that is not a recipient.',
    finds: ({ recipients, variableKeys }) => {
      const known = new Set(recipients.map(({ key }) => key.toLowerCase()))
      return known.size > 0 && Array.from(variableKeys).some((key) => !known.has(key))
    },
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
  'recipient-twice': { finds: findTwice },
  'name-changed': { finds: findChangedName },
  'predefined-name': {
    path: 'text',
    message:
      'Over SMTP, names come from the To field only: write %recipient.recipient_name% instead.',
    finds: usesPredefinedName,
  },
  'headers-over-4-kb': { finds: findLongHeaders },
}

/**
 * What Mailgun will take but may not do as meant. It refuses nothing and needs no network.
 */
export function lint(message: LintableMessage): LintWarning[] {
  const subject = takeApart(message)
  return Object.entries(rules).flatMap(([code, rule]) => {
    const found = 'path' in rule ? rule.finds(subject) && rule : rule.finds(subject)
    return found ? [{ code: code as LintCode, path: found.path, message: found.message }] : []
  })
}
