import { describe, expect, test } from 'vitest'
import {
  type AttachmentSettings,
  fileFaults,
  filesOf,
  readAttachments,
  withoutFiles,
} from '../../src/action/attachments.ts'
import { type FormInput, oversized, readForm } from '../../src/action/form-input.ts'

function form(...entries: readonly (readonly [string, string | File])[]): FormInput {
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  const input = readForm(data, [], {})
  if (input === oversized) throw new Error('The form is over the limits.')
  return input
}
const file = (name: string, content = 'x') => new File([content], name)
const settings: AttachmentSettings = { fields: ['files'] }

/** The faults of files with these names and lengths. */
function faultsOf(limits: Omit<AttachmentSettings, 'fields'>, ...files: readonly File[]) {
  const input = form(...files.map((one) => ['files', one] as const))
  return fileFaults(filesOf(input, settings), { ...settings, ...limits }).map(({ fault }) => fault)
}

describe('the files of a form', () => {
  test('are the files of the named fields, without strings', () => {
    const input = form(
      ['files', file('a.txt')],
      ['files', 'no file'],
      ['files', file('b.txt')],
      ['other', file('c.txt')],
    )

    expect(filesOf(input, settings).map(({ file: { name } }) => name)).toEqual(['a.txt', 'b.txt'])
    expect(filesOf(input, undefined)).toEqual([])
    expect(filesOf(form(), { fields: ['constructor'] })).toEqual([])
  })

  test('are kept from a schema that does not name their field', () => {
    const input = form(['name', 'Ada'], ['files', file('a.txt')])

    expect(Object.keys(withoutFiles(input, settings, ['name']))).toEqual(['name'])
    expect(Object.keys(withoutFiles(input, settings, ['name', 'files']))).toEqual(['name', 'files'])
  })

  test('may be five, of a million bytes together', () => {
    const six = Array.from({ length: 6 }, (_, at) => file(`${at}.txt`))
    const half = 'x'.repeat(500_000)

    expect(faultsOf({}, ...six)).toEqual(['too-many-files'])
    expect(faultsOf({}, file('a.txt', half), file('b.txt', half))).toEqual([])
    expect(faultsOf({}, file('a.txt', half), file('b.txt', `${half}x`))).toEqual(['too-large'])
  })

  test('are held to the limits of the app', () => {
    expect(faultsOf({ maxFiles: 1 }, file('a.txt'), file('b.txt'))).toEqual(['too-many-files'])
    expect(faultsOf({ maxFileBytes: 2 }, file('a.txt', 'ab'))).toEqual([])
    expect(faultsOf({ maxFileBytes: 2 }, file('a.txt', 'abc'))).toEqual(['too-large'])
    expect(faultsOf({ extensions: ['.EXE'] }, file('a.exe'))).toEqual([])
    expect(faultsOf({ extensions: ['exe'] }, file('a.pdf'))).toEqual(['file-type'])
  })

  test.each(['a.pdf', 'A.PDF', 'scan.jpeg', 'a.b.txt', 'ünïcode.docx', '/etc/passwd/a.txt'])(
    'may be named %j',
    (name) => {
      expect(faultsOf({}, file(name))).toEqual([])
    },
  )

  test.each([
    'a.exe',
    'a.html',
    'a.svg',
    'a.docm',
    'pdf',
    '.pdf',
    'a.pdf.',
    'a.pdf.exe',
    // Shown as a.exe.pdf by what believes the mark for writing from right to left.
    'a.\u202Efdp.exe',
    'a.exe\u0000.',
    'a.exe. .',
    'a.pdf/',
  ])('may not be named %j', (name) => {
    expect(faultsOf({}, file(name))).toEqual(name === 'a.pdf.' ? [] : ['file-type'])
  })

  test('go with the mail under the plain name of a file', async () => {
    const names = [
      '../../etc/report.pdf',
      'C:\\Users\\ada\\report.pdf',
      're\r\nport".pdf',
      'a:b|c?.PDF',
      'trailing.pdf. .',
      `${'x'.repeat(300)}.pdf`,
    ]
    const input = form(...names.slice(0, 5).map((name) => ['files', file(name, 'body')] as const))
    const long = form(['files', file(names[5] ?? '')])

    const attached = await readAttachments(filesOf(input, settings))
    const [cut] = await readAttachments(filesOf(long, settings))

    expect(attached.map(({ filename }) => filename)).toEqual([
      'report.pdf',
      'report.pdf',
      're port_.pdf',
      'a_b_c_.pdf',
      'trailing.pdf',
    ])
    expect(attached[0]?.content.toString()).toBe('body')
    expect(cut?.filename).toBe(`${'x'.repeat(100)}.pdf`)
  })
})
