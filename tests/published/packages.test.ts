import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStranger, type Stranger } from './consumer/stranger.ts'
import { rooms } from '../workspace.ts'

let stranger: Stranger

beforeAll(() => {
  stranger = createStranger()
})
afterAll(() => stranger[Symbol.dispose]())

const unpacked = (name: string, file: string): string =>
  join(stranger.folder, 'node_modules/@mailgun-smtp', name, file)

describe.each(rooms.map(({ name }) => name))('the tarball of @mailgun-smtp/%s', (name) => {
  it('says where its source, its page and its issues are', () => {
    expect(JSON.parse(readFileSync(unpacked(name, 'package.json'), 'utf8'))).toMatchObject({
      homepage: `https://github.com/mailgun-smtp/mailgun-smtp/blob/main/packages/${name}/README.md`,
      bugs: 'https://github.com/mailgun-smtp/mailgun-smtp/issues',
      repository: {
        type: 'git',
        url: 'git+https://github.com/mailgun-smtp/mailgun-smtp.git',
        directory: `packages/${name}`,
      },
    })
  })

  it('has a README whose links are absolute, or lead to a file in the tarball', () => {
    const text = readFileSync(unpacked(name, 'README.md'), 'utf8').replace(/```[\s\S]*?```/g, '')
    const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link ?? '')

    expect(links).not.toEqual([])
    expect(
      links.filter((link) => {
        const [file = ''] = link.split('#')
        return !/^(?:https|mailto):/.test(link) && !existsSync(unpacked(name, file))
      }),
    ).toEqual([])
  })
})

it("the emulator's tarball has the licence of the code in its page", () => {
  const notice = readFileSync(unpacked('emulator', 'dist/web/third-party-licenses.md'), 'utf8')

  expect(notice).toMatch(/preact/i)
  expect(notice).toContain('The MIT License')
})

it('the emulator has one command, which npx runs by the name of the package', () => {
  const text = readFileSync(unpacked('emulator', 'package.json'), 'utf8')
  const { bin } = JSON.parse(text) as { readonly bin: Readonly<Record<string, string>> }
  const [command, ...others] = Object.values(bin)

  expect(others).toEqual([])
  const help = stranger.run('.', process.execPath, unpacked('emulator', command ?? ''), '--help')
  expect(help).toContain('npx @mailgun-smtp/emulator')
})
