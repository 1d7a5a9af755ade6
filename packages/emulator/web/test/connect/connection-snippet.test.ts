import { expect, it } from 'vitest'
import { connectionSnippet } from '../../connect/connection-snippet.ts'

const info = {
  version: '0.1.0',
  host: '127.0.0.1',
  port: 2525,
  domains: ['mg.example.com'],
  user: "o'neill@mg.example.com",
  securePort: null,
  httpUrl: 'http://127.0.0.1:8025',
  directory: null,
  keeps: 1_000,
}

it('names host, port, login and the place of the certificate', () => {
  const code = connectionSnippet(info, 'http://127.0.0.1:8025')

  expect(code).toContain("host: '127.0.0.1'")
  expect(code).toContain('port: 2525')
  expect(code).toContain(String.raw`user: 'o\'neill@mg.example.com'`)
  expect(code).toContain('http://127.0.0.1:8025/ca.pem')
})
