import type { Post, ReadForm } from '../world/stranger.ts'

/** One try to make the site mail whom it should not, or say what it should not. */
export interface Attack {
  /** The form's page. */
  readonly on: string
  readonly post: (form: ReadForm) => Post
  /** How many mails the owner gets of it; nobody else ever gets one. */
  readonly mails: number
  /** What the answer says. Default: anything. */
  readonly says?: RegExp
}

const victim = 'victim@example.org'
type Fields = NonNullable<Post['fields']>
const typed = (text: string, email = 'ada@example.com'): Fields => [
  ['email', email],
  ['text', text],
]
const contact = (more: Readonly<Record<string, string | File>> = {}): Fields =>
  Object.entries({ name: 'Ada', email: 'ada@example.com', text: 'Hi', ...more })
/** The hidden field that holds what comes with the action: what is bound, and the previous state. */
const bound = (form: ReadForm): string =>
  Object.keys(form.hidden).find((name) => /^\$ACTION_\d+:1$/.test(name)) ?? ''
const refused = /could not be read|fault on this site/

/** What was measured on an action without protection, and tries of our own. */
export const attacks: Readonly<Record<string, Attack>> = {
  // Measured on an action without protection: these reached the victim, or mailed at a script's will.
  'no Origin, as every script': {
    on: '/contact',
    post: () => ({ fields: contact(), headers: { Origin: undefined } }),
    mails: 0,
    says: refused,
  },
  'the Origin of another site': {
    on: '/contact',
    post: () => ({ fields: contact(), headers: { Origin: 'https://evil.test' } }),
    mails: 0,
  },
  'the Origin null, as of a sandboxed frame': {
    on: '/contact',
    post: () => ({ fields: contact(), headers: { Origin: 'null' } }),
    mails: 0,
  },
  'the Origin of another site, and a host forged to match': {
    on: '/contact',
    post: () => ({
      fields: contact(),
      headers: { Origin: 'https://evil.test', 'X-Forwarded-Host': 'evil.test' },
    }),
    mails: 1,
  },
  'a forged previous state': {
    on: '/contact',
    post: (form) => ({
      fields: [
        ...contact(),
        [bound(form), JSON.stringify([{ status: 'sent', values: { email: victim }, to: victim }])],
      ],
    }),
    mails: 1,
  },
  'a bound argument changed into an address': {
    on: '/forms/bound',
    post: (form) => ({
      fields: [...typed('Hi'), [bound(form), JSON.stringify([victim, { status: 'idle' }])]],
    }),
    mails: 0,
    says: refused,
  },
  'bound arguments where there are none': {
    on: '/forms/leading',
    post: (form) => ({
      fields: [...typed('Hi'), [bound(form), JSON.stringify([victim, victim, { status: 'idle' }])]],
    }),
    mails: 0,
    says: refused,
  },
  'the action called as a function, without a form': {
    on: '/contact',
    post: (form) => ({
      body: '[]',
      headers: { 'Next-Action': actionId(form), 'Content-Type': 'text/plain;charset=UTF-8' },
    }),
    mails: 0,
  },
  'the action called as a function, with data in place of a form': {
    on: '/contact',
    post: (form) => ({
      body: JSON.stringify([{ status: 'idle' }, { name: 'a', email: victim, text: 'b' }]),
      headers: { 'Next-Action': actionId(form), 'Content-Type': 'text/plain;charset=UTF-8' },
    }),
    mails: 0,
  },
  'the form posted to another page': {
    on: '/thanks',
    post: () => ({ fields: contact() }),
    mails: 0,
  },
  'line breaks towards a header': {
    on: '/forms/everywhere',
    post: () => ({ fields: typed(`Hi\r\nBcc: ${victim}\r\n\r\nBody`) }),
    mails: 1,
  },
  'line breaks in the address for replies': {
    on: '/forms/everywhere',
    post: () => ({ fields: typed('Hi', `ada@example.com\r\nBcc: ${victim}`) }),
    mails: 0,
  },
  'several addresses in one': {
    on: '/forms/copy',
    post: () => ({ fields: typed('Hi', `a@example.com, ${victim}; third@example.org`) }),
    mails: 0,
    says: refused,
  },
  'several addresses for replies': {
    on: '/forms/everywhere',
    post: () => ({ fields: typed('Hi', `ada@example.com, ${victim}`) }),
    mails: 0,
  },

  // Our own.
  'an address in a field that becomes the recipient': {
    on: '/forms/copy',
    post: () => ({ fields: typed('Hi', victim) }),
    mails: 0,
    says: refused,
  },
  'the same in capitals, with a name around it': {
    on: '/forms/copy',
    post: () => ({ fields: typed('Hi', 'Friend <VICTIM@Example.ORG>') }),
    mails: 0,
    says: refused,
  },
  'the same in letters of double width': {
    on: '/forms/copy',
    post: () => ({ fields: typed('Hi', 'ｖｉｃｔｉｍ＠ｅｘａｍｐｌｅ.ｏｒｇ') }),
    mails: 0,
    says: refused,
  },
  'the same with a quoted part': {
    on: '/forms/copy',
    post: () => ({ fields: typed('Hi', '"victim"@example.org') }),
    mails: 0,
    says: refused,
  },
  'the same with a comment in it': {
    on: '/forms/copy',
    post: () => ({ fields: typed('Hi', 'victim(you)@example.org') }),
    mails: 0,
    says: refused,
  },
  'a recipient put together out of two fields': {
    on: '/forms/split',
    post: () => ({ fields: typed('example.org', 'victim') }),
    mails: 0,
    says: refused,
  },
  'another sender': {
    on: '/forms/impersonate',
    post: () => ({ fields: typed('Hi', 'ceo@example.com') }),
    mails: 0,
    says: refused,
  },
  'an archive for all copies': {
    on: '/forms/archive',
    post: () => ({ fields: typed('Hi', 'https://evil.test/archive') }),
    mails: 0,
    says: refused,
  },
  'fields that are named like options, headers and prototypes': {
    on: '/contact',
    post: () => ({
      fields: [
        ...contact(),
        ...['to', 'cc', 'bcc', 'mailgun', 'headers', '__proto__', 'constructor', 'toString'].map(
          (name) => [name, victim] as const,
        ),
        ['__proto__.to', victim],
        [`X-Mailgun-Archive-To`, 'https://evil.test'],
      ],
    }),
    mails: 1,
  },
  'a field given twice': {
    on: '/contact',
    post: () => ({ fields: [...contact(), ['email', victim]] }),
    mails: 0,
  },
  'a file in place of a text': {
    on: '/contact',
    post: () => ({ fields: contact({ email: new File([victim], victim) }) }),
    mails: 0,
  },
  'a program as a file': {
    on: '/upload',
    post: () => ({ fields: [...typed('Hi'), ['files', new File(['MZ'], 'cv.pdf.exe')]] }),
    mails: 0,
    says: /kind of file is not accepted/,
  },
  'a file whose name is a path and a header': {
    on: '/upload',
    post: () => ({
      fields: [
        ...typed('Hi'),
        ['files', new File(['x'], `../../etc/cron.d/a"\r\nBcc: ${victim}\r\n.txt`)],
      ],
    }),
    mails: 1,
  },
  'a thousand fields': {
    on: '/contact',
    post: () => ({
      fields: [
        ...contact(),
        ...Array.from({ length: 990 }, (_, at) => [`field${at}`, 'x'] as const),
      ],
    }),
    mails: 0,
  },
  'half a million letters': {
    on: '/contact',
    post: () => ({ fields: contact({ text: 'a'.repeat(500_000) }) }),
    mails: 0,
    says: refused,
  },
  'a form over the limit of Next.js': {
    on: '/contact',
    post: () => ({ fields: contact({ text: 'a'.repeat(3_000_000) }) }),
    mails: 0,
  },
  'a form that breaks off': {
    on: '/contact',
    post: () => ({
      body: '--x\r\nContent-Disposition: form-data; name="$ACTION_REF_1"\r\n\r\n',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    }),
    mails: 0,
  },
  'an action that does not exist': {
    on: '/contact',
    post: () => ({
      body: '[]',
      headers: { 'Next-Action': 'f'.repeat(42), 'Content-Type': 'text/plain;charset=UTF-8' },
    }),
    mails: 0,
  },
  'a state that refers to prototypes': {
    on: '/contact',
    post: (form) => ({
      fields: [...contact(), [bound(form), '["$1:__proto__:constructor:constructor"]']],
    }),
    mails: 0,
  },
  'a robot that fills all it finds': {
    on: '/forms/pretty',
    post: () => ({ fields: [...typed('Buy this'), ['website', 'https://spam.test']] }),
    mails: 0,
    says: /Sent\./,
  },
  'markup in a React body': {
    on: '/forms/pretty',
    post: () => ({ fields: typed('<img src=x onerror=alert(1)>') }),
    mails: 1,
  },
  'no stamp': {
    on: '/stamped',
    post: () => ({ fields: [...typed('Hi'), ['form-stamp', '']] }),
    mails: 0,
    says: refused,
  },
  'a stamp of its own making': {
    on: '/stamped',
    post: () => ({
      fields: [...typed('Hi'), ['form-stamp', `${Date.now().toString(36)}.${'A'.repeat(43)}`]],
    }),
    mails: 0,
    says: refused,
  },
  'a very long subject': {
    on: '/contact',
    post: () => ({ fields: contact({ name: 'long '.repeat(1500) }) }),
    mails: 1,
  },
}

/** The id by which a browser with JavaScript calls the action of a page. */
function actionId({ hidden }: ReadForm): string {
  const reference = Object.values(hidden).find((value) => value.includes('"id"')) ?? '{}'
  return (JSON.parse(reference) as { id?: string }).id ?? ''
}
