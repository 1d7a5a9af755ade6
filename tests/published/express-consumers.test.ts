import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  compileWithoutExpressTypes,
  expected,
  expressApps,
  runExpressApp,
} from './consumer/express-app.ts'
import { createStranger, type Stranger } from './consumer/stranger.ts'

let stranger: Stranger

beforeAll(() => {
  stranger = createStranger()
})
afterAll(() => stranger[Symbol.dispose]())

it.each(expressApps)(
  'the tarballs serve an app in $language as $modules on Express $express',
  (app) => {
    expect(runExpressApp(stranger, app).toSorted()).toEqual(expected.toSorted())
  },
)

it('the tarballs compile in a program that has no types of Express', () => {
  expect(() => compileWithoutExpressTypes(stranger)).not.toThrow()
})
