import fc from 'fast-check'
import type {
  HoursAndMinutes,
  JsonObject,
  MailgunOptionName,
  MailgunOptions,
} from '../../src/options/options.ts'

/** What no header may hold as it is, and what readers of headers stumble over. */
export const awkward: readonly string[] = [
  '=?utf-8?Q?x?=',
  '=?',
  '?=',
  '"',
  '\\',
  '\r\n',
  '\r\nX-Evil: 1',
  '%0d%0a',
  '\0',
  '\u007f',
  '\u0085',
  '\u2028',
  '\ud800',
  'é',
  '😀',
  ',',
  '  ',
  '\t',
  '__proto__',
  '%recipient.name%',
]

const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))

function headerText(maxLength: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: printable, minLength: 1, maxLength })
    .filter((text) => text === text.trim() && text !== '' && !text.includes('=?'))
}

const jsonText = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(...awkward)), {
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''))

const json = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    jsonText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(jsonText, tie('value'), { maxKeys: 5 }) as fc.Arbitrary<JsonObject>,
})).object

const address = fc
  .tuple(fc.stringMatching(/^[a-z0-9._+-]{1,20}$/), fc.domain())
  .map(([local, domain]) => `${local}@${domain}`)

const dkimKey = fc
  .tuple(fc.domain(), fc.stringMatching(/^[a-z0-9]{1,12}$/), fc.constantFrom('/', ','))
  .map(([domain, selector, mark]) => `${domain}${mark}${selector}`)

const minutes = fc.integer({ min: 5, max: 24 * 60 })

const deliverWithin: fc.Arbitrary<HoursAndMinutes> = fc.oneof(
  minutes.map((all): HoursAndMinutes => `${all}m`),
  fc.integer({ min: 1, max: 24 }).map((hours): HoursAndMinutes => `${hours}h`),
  minutes.map((all): HoursAndMinutes => `${Math.floor(all / 60)}h${all % 60}m`),
)

const instant = fc.date({
  min: new Date('1900-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
})

const two = (number: number): string => String(number).padStart(2, '0')

const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))

const timeZoneLocalize = fc.oneof(
  clock.map(([hours, rest]) => `${two(hours)}:${two(rest)}`),
  fc
    .tuple(clock, fc.constantFrom('am', 'PM', 'Am', 'pm'))
    .map(([[hours, rest], half]) => `${two((hours % 12) + 1)}:${two(rest)}${half}`),
)

const headerName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,30}$/)

/** A generator for each option: a new option without one does not compile. */
export const optionValues: {
  readonly [Name in MailgunOptionName]-?: fc.Arbitrary<NonNullable<MailgunOptions[Name]>>
} = {
  tags: fc.array(headerText(128), { maxLength: 5 }),
  dkim: fc.boolean(),
  secondaryDkim: dkimKey,
  secondaryDkimPublic: dkimKey,
  deliverBy: fc.oneof(
    instant,
    instant.map((date) => date.toISOString()),
  ),
  deliverWithin,
  dropMessage: fc.boolean(),
  track: fc.boolean(),
  trackClicks: fc.oneof(fc.boolean(), fc.constant('htmlonly' as const)),
  trackOpens: fc.boolean(),
  trackPixelLocationTop: fc.boolean(),
  requireTls: fc.boolean(),
  skipVerification: fc.boolean(),
  sendingIp: fc.oneof(fc.ipV4(), fc.ipV6()),
  sendingIpPool: headerText(60),
  recipientVariables: fc.dictionary(address, json, { maxKeys: 6 }),
  variables: json,
  templateName: headerText(80),
  templateVersion: headerText(40),
  templateVariables: json,
  deliveryTimeOptimizePeriod: fc.integer({ min: 24, max: 72 }).map((hours) => `${hours}h` as const),
  timeZoneLocalize,
  archiveTo: fc
    .webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] })
    .filter((url) => !url.includes('=?')),
  suppressHeaders: fc.oneof(fc.constant('all' as const), fc.array(headerName, { maxLength: 4 })),
}

/** Options of any number, each set or not. */
export const someOptions: fc.Arbitrary<MailgunOptions> = fc.record(
  { ...optionValues },
  { requiredKeys: [] },
)
