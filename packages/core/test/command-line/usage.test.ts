import { describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { registry } from '../../src/options/registry.ts'
import { runCommand } from '../fakes/fake-terminal.ts'

const url = 'smtp://login:canary-7a1@127.0.0.1:1?requireTLS=false'

describe('the help', () => {
  test.each([['--help'], ['doctor', '--help'], ['send', '--help']])(
    '%s %s is printed',
    async (...args) => {
      const { code, printed, complaints } = await runCommand(args)

      expect({ code, complaints }).toEqual({ code: 0, complaints: '' })
      expect(printed).toMatch(/^mailgun-smtp/)
      expect(printed.split('\n').filter((line) => line.length > 120)).toEqual([])
    },
  )

  test('of send lists every option of the registry', async () => {
    const { printed } = await runCommand(['send', '--help'])

    const listed = Array.from(printed.matchAll(/^ {2}(\w+)=/gm), ([, name]) => name)
    expect(listed).toEqual(Object.keys(registry))
  })

  test('the version is that of the package', async () => {
    expect(await runCommand(['--version'])).toMatchObject({
      code: 0,
      printed: `${packageJson.version}\n`,
    })
  })
})

describe('wrong usage ends with 2 and one sentence with the cure', () => {
  test.each([
    [[], 'The commands are doctor and send: see mailgun-smtp --help.'],
    [['sned'], 'The commands are doctor and send: see mailgun-smtp --help.'],
    [['doctor', '--ulr', url], 'There is no flag --ulr: see mailgun-smtp doctor --help.'],
    [['doctor', '-x'], 'There is no flag -x: see mailgun-smtp doctor --help.'],
    [
      ['doctor', '--constructor'],
      'There is no flag --constructor: see mailgun-smtp doctor --help.',
    ],
    [
      ['doctor', url],
      'doctor takes flags only, such as --url URL: see mailgun-smtp doctor --help.',
    ],
    [['doctor', '-'], 'doctor reads nothing from standard input: leave the - out.'],
    [['doctor', '--url'], '--url takes a value; write --url=VALUE if it begins with a hyphen.'],
    [
      ['doctor', '--url', '--json'],
      '--url takes a value; write --url=VALUE if it begins with a hyphen.',
    ],
    [['doctor', '--url', ''], '--url takes a value; write --url=VALUE if it begins with a hyphen.'],
    [['doctor', '--json=yes'], '--json takes no value: leave out what follows it.'],
    [['doctor', '--url', url, '--url', url], '--url can be given once only: remove one.'],
    [['doctor', '--timeout', 'soon'], '--timeout takes seconds, such as 10 or 2.5.'],
    [['doctor', '--timeout', '0'], '--timeout takes seconds, such as 10 or 2.5.'],
    [['send', '--to', 'a@b.example'], 'send needs --from, an address of the sending domain.'],
    [['send', '--from', 'a@b.example'], 'send needs --to, the address of a recipient.'],
  ])('%j', async (args, sentence) => {
    expect(await runCommand(args)).toEqual({ code: 2, printed: '', complaints: `${sentence}\n` })
  })

  test.each([
    [['--option', 'tags'], '--option takes name=value, such as tags=welcome.'],
    [['--option', 'tag=x'], 'There is no option tag: see mailgun-smtp send --help.'],
    [
      ['--option', 'dkim=perhaps'],
      "The option dkim must be yes or no; write it as in --option 'dkim=no'.",
    ],
    [
      ['--option', 'variables={'],
      `The option variables must be valid JSON; write it as in --option 'variables={"order":1024}'.`,
    ],
    [
      ['--option', 'dropMessage=no'],
      'A mail is dropped without --for-real and delivered with it: leave the option dropMessage out.',
    ],
    [
      ['--option', 'dropMessage=yes', '--for-real'],
      'A mail is dropped without --for-real and delivered with it: leave the option dropMessage out.',
    ],
    [['-', '--text', 'Hi'], '- is the text from standard input: leave it or --text out.'],
    [['-', '--html', '-'], 'Standard input can be the text or the HTML, not both.'],
  ])('send %j', async (args, sentence) => {
    const addresses = ['--from', 'a@b.example', '--to', 'c@d.example', '--url', url]

    expect(await runCommand(['send', ...addresses, ...args])).toEqual({
      code: 2,
      printed: '',
      complaints: `${sentence}\n`,
    })
  })

  test.each(['doctor', 'send --from a@b.example --to c@d.example'])(
    '%s without a login says which variable to set',
    async (line) => {
      const { code, complaints } = await runCommand(line.split(' '))

      expect(code).toBe(2)
      expect(complaints).toContain('MAILGUN_SMTP_URL')
    },
  )

  test.each([
    [['doctor', '--url', 'smtp://login:canary-7a1@example.com?requireTLS=false']],
    [['doctor', 'smtp://login:canary-7a1@example.com']],
    [['smtp://login:canary-7a1@example.com']],
    [['doctor', '--json=canary-7a1']],
    [['doctor', '--password=canary-7a1']],
    [['doctor', '--password', 'canary-7a1']],
    [['send', '--from', 'canary-7a1', '--to', 'canary-7a1@x.example', '--url', url]],
    [['send', '--from', 'a@b.example', '--to', 'c@d.example', '--option', 'archiveTo=canary-7a1']],
    [['send', '--from', 'a@b.example', '--to', 'c@d.example', '--option', 'canary-7a1']],
  ])('%j shows no value that was given', async (args) => {
    const { code, printed, complaints } = await runCommand(args)

    expect({ code, printed }).toEqual({ code: 2, printed: '' })
    expect(complaints).not.toContain('canary')
  })
})
