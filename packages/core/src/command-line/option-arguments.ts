import { Unreadable, type Codec } from '../options/codecs.ts'
import { InvalidOptionError } from '../outcome/errors.ts'
import type { MailgunOptionName, MailgunOptions } from '../options/options.ts'
import { registry } from '../options/registry.ts'
import { UsageError } from './flags.ts'

/** How each option is written after `--option`. One given more than once has all the values. */
export const examples: Readonly<Record<MailgunOptionName, string>> = {
  tags: 'welcome',
  dkim: 'no',
  secondaryDkim: 'example.com/s1',
  secondaryDkimPublic: 'example.org/s1',
  deliverBy: '2030-01-31T09:00:00+01:00',
  deliverWithin: '1h30m',
  dropMessage: 'yes',
  track: 'no',
  trackClicks: 'htmlonly',
  trackOpens: 'yes',
  trackPixelLocationTop: 'yes',
  requireTls: 'yes',
  skipVerification: 'no',
  sendingIp: '192.0.2.1',
  sendingIpPool: 'transactional',
  recipientVariables: '{"ada@example.com":{"first":"Ada"}}',
  variables: '{"order":1024}',
  templateName: 'welcome',
  templateVersion: 'v2',
  templateVariables: '{"name":"Ada"}',
  deliveryTimeOptimizePeriod: '24h',
  timeZoneLocalize: '16:00',
  archiveTo: 'https://archive.example.com/mail',
  suppressHeaders: 'X-Mailgun-Tag',
}

/**
 * Reads `name=value` arguments. A value is written as in its header; a date may also be RFC 3339.
 *
 * @throws {UsageError} naming the option and the rule, never the value.
 */
export function readOptionArguments(given: readonly string[]): MailgunOptions {
  const values = new Map<MailgunOptionName, string[]>()
  for (const argument of given) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(argument) ?? []
    if (!isOptionName(name)) {
      throw new UsageError(
        name === ''
          ? '--option takes name=value, such as tags=welcome.'
          : `There is no option ${name.slice(0, 40)}: see mailgun-smtp send --help.`,
      )
    }
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return Object.fromEntries(
    Array.from(values, ([name, texts]) => [name, readValue(name, texts)]),
  ) as MailgunOptions
}

function isOptionName(name: string): name is MailgunOptionName {
  return Object.hasOwn(registry, name)
}

function readValue(name: MailgunOptionName, texts: readonly string[]): unknown {
  const codec = registry[name].codec as Codec<unknown>
  try {
    return codec.read(texts)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const [text, second] = texts
    // Some options accept more in code than in a header, such as a date in RFC 3339.
    if (second === undefined && canWrite(codec, text)) return text
    throw new UsageError(
      `The option ${name} ${error.message}; write it as in --option '${name}=${examples[name]}'.`,
    )
  }
}

function canWrite(codec: Codec<unknown>, value: unknown): boolean {
  try {
    codec.write(value, '')
    return true
  } catch (error) {
    if (error instanceof InvalidOptionError) return false
    throw error
  }
}
