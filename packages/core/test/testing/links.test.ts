import { expect, test } from 'vitest'
import { linksIn } from '../../src/testing/links.ts'

test('links are those in the HTML, then those in the text, each once', () => {
  const html = `<a class=x href="https://a.test/?a=1&amp;b=2">1</a><A HREF='https://b.test/'>2</A>
    <a href=mailto:me@a.test>3</a><img src="https://no.test/pixel.gif"><a name="x">4</a>`

  expect(linksIn('See https://b.test/ or (https://c.test/x?y=1).', html)).toEqual([
    'https://a.test/?a=1&b=2',
    'https://b.test/',
    'mailto:me@a.test',
    'https://c.test/x?y=1',
  ])
})

test('a link in a comment, a script or a style sheet is not a link', () => {
  const html = `<!-- <a href="https://old.test/">x</a> --><script>'<a href="https://js.test/">'</script>
    <style><a href="https://css.test/"></style><a href="https://real.test/">x</a>`

  expect(linksIn('', html)).toEqual(['https://real.test/'])
})

test('hostile HTML and text cost no time', () => {
  const started = performance.now()

  for (const piece of ['<a ', '<style', '<', '<a href="', 'https://', 'https://a.test/!!', '&#']) {
    const hostile = piece.repeat(50_000)
    linksIn(hostile, hostile)
  }

  expect(performance.now() - started).toBeLessThan(2_000)
})
