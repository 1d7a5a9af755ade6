import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  currentMailgunOptions,
  scopeLayers,
  withMailgunOptions,
  withScopeLayers,
} from '../../src/index.ts'
import { builtCopy } from '../fakes/built-copy.ts'

test('there is no scope outside, and none afterwards', async () => {
  expect(currentMailgunOptions()).toBeUndefined()

  await withMailgunOptions({ track: false }, async () => {
    await turn()
  })

  expect(currentMailgunOptions()).toBeUndefined()
})

test('it reaches whatever runs inside, however deep, and returns what that returns', async () => {
  const seen = await withMailgunOptions({ tags: ['outer'] }, async () => {
    await turn()
    return withMailgunOptions({ tags: ['inner'], track: false }, () =>
      Promise.resolve().then(currentMailgunOptions),
    )
  })

  expect(seen).toEqual({ tags: ['outer', 'inner'], track: false })
  expect(withMailgunOptions({}, () => 7)).toBe(7)
})

test('null clears what the scope around set', () => {
  withMailgunOptions({ tags: ['outer'], track: true }, () => {
    withMailgunOptions({ tags: null }, () => {
      expect(currentMailgunOptions()).toEqual({ track: true })
    })
  })
})

test('its layers can be carried to where it does not reach, each as it was given', () => {
  const layers = [{ tags: ['outer'] }, { tags: null }, { tags: ['inner'] }]
  withMailgunOptions({ track: true }, () => {
    const carried = [...scopeLayers(), ...layers]

    withMailgunOptions({ track: false, dropMessage: true }, () => {
      withScopeLayers(carried, () => {
        expect(scopeLayers()).toEqual(carried)
        expect(currentMailgunOptions()).toEqual({ track: true, tags: ['inner'] })
      })
    })
  })
  expect(scopeLayers()).toEqual([])
})

test('a scope that does not inherit begins anew', () => {
  withMailgunOptions({ tags: ['outer'] }, () => {
    withMailgunOptions(
      { track: false },
      () => {
        expect(currentMailgunOptions()).toEqual({ track: false })
      },
      { inherit: false },
    )
  })
})

test('scopes that run at once do not meet', async () => {
  const tags = Array.from({ length: 50 }, (_, index) => `t${index}`)

  const seen = await Promise.all(
    tags.map((tag) =>
      withMailgunOptions({ tags: [tag] }, async () => {
        for (let turns = 0; turns < 5; turns += 1) await turn()
        return currentMailgunOptions()?.tags
      }),
    ),
  )

  expect(seen).toEqual(tags.map((tag) => [tag]))
})

test('an error ends the scope and comes through', () => {
  const own = new Error('own')

  expect(() =>
    withMailgunOptions({ track: true }, () => {
      throw own
    }),
  ).toThrow(own)
  expect(currentMailgunOptions()).toBeUndefined()
})

test('two copies of the package share it', async () => {
  const built = await builtCopy()

  expect(built.withMailgunOptions).not.toBe(withMailgunOptions)
  withMailgunOptions({ track: false }, () => {
    expect(built.currentMailgunOptions()).toEqual({ track: false })
  })
  built.withMailgunOptions({ track: true }, () => {
    expect(currentMailgunOptions()).toEqual({ track: true })
  })
})
