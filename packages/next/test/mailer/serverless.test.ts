import { expect, test } from 'vitest'
import { isServerless } from '../../src/mailer/serverless.ts'

test.each([
  { VERCEL: '1' },
  { AWS_LAMBDA_FUNCTION_NAME: 'site' },
  { K_SERVICE: 'site' },
  { FUNCTIONS_WORKER_RUNTIME: 'node' },
])('a process with %j may be frozen', (environment) => {
  expect(isServerless(environment)).toBe(true)
})

test.each([{}, { VERCEL: '' }, { HOSTNAME: 'web-1' }])(
  'a process with %j lives on',
  (environment) => {
    expect(isServerless(environment)).toBe(false)
  },
)
