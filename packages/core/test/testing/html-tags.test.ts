import { expect, test } from 'vitest'
import { htmlTags, type HtmlTag } from '../../src/testing/html-tags.ts'

const href = new Set(['href'])

function tagsOf(html: string): readonly HtmlTag[] {
  return [...htmlTags(html, href)]
}

test('a tag is found at its place, with the attributes that were asked for', () => {
  const html = `x<A class='a>b'\n HREF = "https://a.test/?q=<b>" href=second>y</A >`

  const [open, close, ...rest] = tagsOf(html)

  expect(rest).toEqual([])
  expect(open?.name).toBe('a')
  expect(html.slice(open?.start, open?.end)).toBe(html.slice(1, html.indexOf('>y') + 1))
  const attribute = open?.attributes.get('href')
  expect(attribute?.value).toBe('https://a.test/?q=<b>')
  expect(html.indexOf('https')).toBe(attribute?.valueStart)
  expect(html.slice(attribute?.start, attribute?.end)).toBe('\n HREF = "https://a.test/?q=<b>"')
  expect(close).toMatchObject({ name: '/a', end: html.length })
})

test.each([
  ['a comment', '<!-- <a href=x> --><b>', ['b']],
  ['a comment of nothing', '<!--><b>', ['b']],
  ['a comment that does not end', '<!-- <a href=x>', []],
  ['a style sheet', '<style>a>b{}<a href=x></style ><b>', ['style', '/style', 'b']],
  ['a script that does not end', '<script><a href=x>', ['script']],
  [
    'a script, told apart from longer names',
    '<script></scripts><a></script>',
    ['script', '/script'],
  ],
  ['a value without its quote', '<a href="x><b>', []],
  ['a tag that does not end', '<b><a href=x', ['b']],
  ['a lone bracket', '1 < 2 <b>', ['b']],
  ['a document type', '<!DOCTYPE html><html>', ['!doctype', 'html']],
])('%s is read as browsers do', (_, html, names) => {
  expect(tagsOf(html).map(({ name }) => name)).toEqual(names)
})

test.each([
  ['<a href>', ''],
  ['<a href=>', ''],
  ['<a href=https://a.test/b/>', 'https://a.test/b/'],
  ['<a/href=x>', 'x'],
  [`<a title="x"href='y'>`, 'y'],
  ['<a data-href=x>', undefined],
])('the address in %s is %j', (html, value) => {
  expect(tagsOf(html)[0]?.attributes.get('href')?.value).toBe(value)
})
