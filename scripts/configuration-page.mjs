// Writes docs/configuration.md from the docstrings of the packages' settings. A test fails when the page is stale.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { table } from './markdown-table.mjs'
import { declarationsOf, settingsOf } from './setting-declarations.mjs'

const page = new URL('../docs/configuration.md', import.meta.url)

/** The page's chapters: where each set of settings goes, and the interfaces that declare it. */
const chapters = [
  {
    title: 'Connection',
    package: 'core',
    intro: `For \`createMailer(config)\`, \`createMailgunTransport(config)\`, \`mailgun(config)\` in Express, \`MailgunModule.forRoot(config)\` in NestJS and
\`defineMailer(config)\` in Next.js.`,
    sections: [{ interfaces: ['MailgunConfig'] }],
  },
  {
    title: 'Mailer',
    package: 'core',
    intro: `In the config, or in the second argument of \`createMailer\`. See [Retries and deadlines](guides/delivery.md).`,
    sections: [
      { interfaces: ['MailerSettings'] },
      { title: 'Deadlines', interfaces: ['Deadlines'] },
      { title: 'Retry', interfaces: ['Retry'] },
      { title: 'Rate limit', interfaces: ['RateLimit'] },
      { title: 'Message defaults', interfaces: ['MessageDefaults'] },
      {
        title: 'Memory store',
        interfaces: ['MemoryStoreSettings'],
        intro: '`memoryStore(settings)`',
      },
    ],
  },
  {
    title: 'Calls of a mailer',
    package: 'core',
    sections: [
      { title: 'Send', interfaces: ['SendSettings'], intro: '`mailer.send(message, settings)`' },
      {
        title: 'Send a batch',
        interfaces: ['BatchSettings'],
        intro:
          '`mailer.sendBatch(message, recipients, settings)`. See [Sending to many recipients](guides/batch.md).',
      },
      { title: 'Verify', interfaces: ['VerifySettings'], intro: '`mailer.verify(settings)`' },
      { title: 'Close', interfaces: ['CloseSettings'], intro: '`mailer.close(settings)`' },
    ],
  },
  {
    title: 'Express',
    package: 'express',
    intro: `The second argument of \`mailgun(config, settings)\`. The config is the [connection's](#connection). See [Express](guides/express.md).`,
    sections: [
      { interfaces: ['MailgunSettings'] },
      {
        title: 'Mail after the response',
        interfaces: ['LaterSettings'],
        intro: '`res.mail.later(message, settings)`, besides the settings of [`send`](#send).',
      },
    ],
  },
  {
    title: 'NestJS',
    package: 'nestjs',
    intro: `The options of \`MailgunModule.forRoot(options)\`, besides those of the [connection](#connection) and the [mailer](#mailer).
See [NestJS](guides/nestjs/README.md).`,
    sections: [
      { interfaces: ['MailgunModuleSettings', 'MailgunMailerSettings'] },
      {
        title: 'Module',
        interfaces: ['MailgunModuleExtras'],
        intro:
          'Next to the options of `forRoot`, or next to `useFactory`, `useClass` and `useExisting` of `forRootAsync`.',
      },
      {
        title: 'Feature module',
        interfaces: ['MailgunFeatureSettings'],
        intro: '`MailgunModule.forFeature(options, settings)`',
      },
      {
        title: 'Health check',
        interfaces: ['MailgunPingSettings'],
        intro: '`MailgunHealthIndicator` of `@mailgun-smtp/nestjs/terminus`',
      },
    ],
  },
  {
    title: 'Next.js',
    package: 'next',
    intro: `See [Next.js](guides/nextjs.md).`,
    sections: [
      {
        title: 'Mailer of Next.js',
        interfaces: ['DefineMailerSettings'],
        intro:
          "The second argument of `defineMailer(config, settings)`. The config is the [connection's](#connection).",
      },
      {
        title: 'Mail action',
        interfaces: ['MailActionSettings'],
        intro: '`createMailAction(settings)`',
      },
      {
        title: 'Attachments',
        interfaces: ['AttachmentSettings'],
        intro: '`createMailAction({ attachments })`',
      },
      { title: 'Form limits', interfaces: ['FormLimits'], intro: '`createMailAction({ limits })`' },
      {
        title: 'Rate limit of a form',
        interfaces: ['RateLimit'],
        intro: '`createMailAction({ rateLimit })`',
      },
      {
        title: 'Form stamp',
        interfaces: ['FormStampSettings'],
        intro: '`createFormStamp(settings)`',
      },
    ],
  },
  {
    title: 'Emulator',
    package: 'emulator',
    intro: `The options of \`createMailgunEmulator(options)\`. \`npx @mailgun-smtp/emulator --help\` lists the flags of the command.
See [Testing mail](guides/testing-mail.md).`,
    sections: [
      { interfaces: ['MailgunEmulatorOptions'] },
      {
        title: 'Limits',
        interfaces: ['EmulatorLimits', 'Rate'],
        intro:
          '`limits`. `perLogin`, `perConnection` and the `limits` of a domain take `perSecond` and `perHour` only.',
      },
      {
        title: 'Domain',
        interfaces: ['DomainOptions', 'DomainSending'],
        intro: 'An entry of `domains`',
      },
      {
        title: 'Tracking of a domain',
        interfaces: ['DomainTracking'],
        intro: '`domains[].tracking`',
      },
      { title: "Recipient's mail server", interfaces: ['MxOptions'], intro: 'An entry of `mx`' },
      { title: 'Engagement', interfaces: ['Engagement'], intro: 'An entry of `engagement`' },
    ],
  },
]

/** The page, as it should be. */
export function configurationPage() {
  const parts = chapters.map(({ title, package: packageName, intro, sections }) => {
    const declarations = declarationsOf(packageName)
    const tables = sections.map((section) => sectionOf(section, declarations, sections))
    return [`## ${title}`, ...(intro ? [intro] : []), ...tables].join('\n\n')
  })
  return `# Configuration

Every setting of every package. The options of a message (\`message.mailgun\`) are on [their own page](options.md).
This page is generated by \`node scripts/configuration-page.mjs\` from the docstrings of the packages.

A setting that you leave out, or set to \`undefined\`, has its default. A value that cannot work is refused with an error that says what to
write: a [\`ConfigError\`](errors.md#err_mailgun_config), an [\`InvalidOptionError\`](errors.md#err_mailgun_invalid_option) for the settings
of one call, and an \`EmulatorError\` from the emulator.

A number's unit is in its own column. \`count\` means a whole number of things.

## Environment variables

\`createMailer()\` without a config reads the environment at the first send. So do \`mailgun()\` in Express, \`MailgunModule.forRoot()\` in
NestJS, \`defineMailer()\` in Next.js and the command \`mailgun-smtp\`.

${table(
  ['variable', 'example', 'what it does'],
  [
    [
      '`MAILGUN_SMTP_URL`',
      '`mailgun+smtp://postmaster%40mg.example.com:secret@eu:587`',
      'Login, region and port in one. If it is set, the other variables are ignored. Percent-encode `/`, `#`, `?` and `@` in the login and the password. For another server: `smtp://login:password@host:port` (STARTTLS) or `smtps://…` (implicit TLS). The query may set `pool=true` and, for a loopback host, `requireTLS=false`.',
    ],
    ['`MAILGUN_SMTP_LOGIN`', '`postmaster@mg.example.com`', 'The SMTP login.'],
    ['`MAILGUN_SMTP_PASSWORD`', '', 'The password of the login.'],
    ['`MAILGUN_SMTP_REGION`', '`eu`', 'The region, `us` or `eu`. Default: `us`.'],
    [
      '`MAILGUN_SMTP_SERVER`',
      '`smtp.eu.mailgun.org`',
      'The host, instead of the region. Hosting add-ons set it.',
    ],
    ['`MAILGUN_SMTP_PORT`', '`2525`', 'The port. Default: 587.'],
    ['`NO_COLOR`', '`1`', 'The command `mailgun-smtp` prints no colours.'],
    [
      '`NODE_ENV`',
      '`production`',
      'The emulator does not start in production, unless `allowProduction` is set.',
    ],
  ],
)}

${parts.join('\n\n')}
`
}

function sectionOf({ title, intro, interfaces }, declarations, sections) {
  const rows = interfaces.flatMap((name) => settingsOf(declarations, name))
  const usesEnvironment = rows.some(({ environment }) => environment !== '')
  const head = ['setting', 'type', 'default', 'unit', 'what it does']
  const body = rows.map(({ name, type, default: fallback, unit, does, environment }) => [
    `\`${name}\``,
    `\`${type}\``,
    fallback,
    unit,
    `${does}${linksOf(type, sections)}`,
    ...(usesEnvironment ? [environment] : []),
  ])
  return [
    ...(title ? [`### ${title}`] : []),
    ...(intro ? [intro] : []),
    table(usesEnvironment ? [...head, 'environment variable'] : head, body),
  ].join('\n\n')
}

/** Where on the page the settings of a type are. */
function linksOf(type, sections) {
  const named = sections.filter(
    ({ title, interfaces: [name] }) => title && new RegExp(`\\b${name}\\b`).test(type),
  )
  return named.map(({ title }) => ` See [${title}](#${anchorOf(title)}).`).join('')
}

function anchorOf(title) {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, configurationPage())
