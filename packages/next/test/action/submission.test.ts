import { notFound, redirect } from 'next/navigation.js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { rethrowNavigation } from '../../src/action/submission.ts'

afterEach(() => {
  vi.doUnmock('next/navigation.js')
})

function thrownBy(run: () => never): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
const navigations = [thrownBy(() => redirect('/thanks')), thrownBy(() => notFound())]

describe.each([true, false])('where Next.js has its navigation: %s', (isThere) => {
  const prepare = () => {
    if (isThere) return
    vi.doMock('next/navigation.js', () => {
      throw new Error('Could not parse module, file not found')
    })
  }

  test.each(navigations)('what ends a page is thrown on: %s', async (error) => {
    prepare()

    await expect(rethrowNavigation(error)).rejects.toBe(error)
  })

  test.each([new Error('The database is away.'), 'text', undefined])(
    'what is a failure is not: %s',
    async (error) => {
      prepare()

      await expect(rethrowNavigation(error)).resolves.toBeUndefined()
    },
  )
})
