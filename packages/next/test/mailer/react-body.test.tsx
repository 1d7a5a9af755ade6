import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withRenderedBody } from '../../src/mailer/react-body.ts'

function Letter({ name }: { readonly name: string }): ReactElement {
  return (
    <p>
      Dear <b>{name}</b>, <a href="https://shop.example/">come back</a>.
    </p>
  )
}
const hostile = '<script>alert(1)</script>'

afterEach(() => {
  vi.doUnmock('@react-email/render')
})

describe('a React body', () => {
  test('becomes HTML and text, in which what a visitor typed is not markup', async () => {
    const message = await withRenderedBody({ subject: 'Hi', react: <Letter name={hostile} /> })

    expect(message).not.toHaveProperty('react')
    expect(message.subject).toBe('Hi')
    expect(message.html).toContain('&lt;script&gt;')
    expect(message.html).not.toContain('<script>')
    expect(message.text).toContain(`Dear ${hostile}, come back https://shop.example/.`)
  })

  test('keeps the text of the message', async () => {
    const message = await withRenderedBody({ text: 'Own words.', react: <Letter name="Ada" /> })

    expect(message.text).toBe('Own words.')
  })

  test("is made by the app's own render function, if it has one", async () => {
    const html = await withRenderedBody({ react: <Letter name="Ada" /> }, (body) =>
      renderToStaticMarkup(body),
    )
    const both = await withRenderedBody({ react: 'Hi' }, () =>
      Promise.resolve({ html: '<p>Hi</p>', text: 'Hi' }),
    )

    expect(html.html).toBe('<p>Dear <b>Ada</b>, <a href="https://shop.example/">come back</a>.</p>')
    expect(html.text).toBeUndefined()
    expect(both).toMatchObject({ html: '<p>Hi</p>', text: 'Hi' })
  })

  test.each([undefined, null])('is none: %s', async (react) => {
    expect(await withRenderedBody({ text: 'Hi', react })).toEqual({ text: 'Hi' })
  })

  test('says what to install where @react-email/render is missing', async () => {
    vi.doMock('@react-email/render', () => {
      throw new Error("Cannot find package '@react-email/render'")
    })

    await expect(withRenderedBody({ react: <Letter name="Ada" /> })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('install @react-email/render') as string,
    })
  })
})
