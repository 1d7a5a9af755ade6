import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../workspace.ts'
import type { Stranger } from './stranger.ts'

/** One way to write an Express app. */
export interface ExpressApp {
  readonly language: 'TypeScript' | 'JavaScript'
  readonly modules: 'ESM' | 'CommonJS'
  readonly express: 4 | 5
}

/** All eight. */
export const expressApps: readonly ExpressApp[] = (['TypeScript', 'JavaScript'] as const).flatMap(
  (language) =>
    (['ESM', 'CommonJS'] as const).flatMap((modules) =>
      ([4, 5] as const).map((express) => ({ language, modules, express })),
    ),
)

const imports = [
  ['express', 'express'],
  ['{ createMailgunEmulator }', '@mailgun-smtp/emulator'],
  ['{ mailErrorHandler, mailgun, mailgunOptions }', '@mailgun-smtp/express'],
] as const

const body = `
async function main() {
  const emulator = await createMailgunEmulator({ httpPort: false })
  const mail = mailgun({ ...emulator.transport, retry: false }, { defaults: { tags: ['default'] } })
  const app = express()
  app.use(express.json(), mail, mailgunOptions({ tags: ['app'] }))
  const from = 'shop@mg.example.com'
  app.post('/order', mailgunOptions((req) => ({ variables: { url: req.url ?? '' } })), (req, res, next) => {
    res.mail.later({ from, to: 'later@example.com', subject: 'Later', text: 'Hi' })
    res.mail({ from, to: 'now@example.com', subject: 'Now', text: 'Hi' })
      .then((receipt) => res.json(receipt.accepted), next)
  })
  app.use(mailErrorHandler())
  const server = mail.attach(app.listen(0, '127.0.0.1'))
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const order = () => fetch('http://127.0.0.1:' + port + '/order', { method: 'POST' })

  const taken = await order()
  console.log(taken.status, await taken.json())
  await mail.idle()
  for (const { subject, submission } of emulator.messages) {
    console.log(subject, JSON.stringify(submission.options))
  }
  emulator.faults.next({ at: 'rcpt', reply: [550, 'No such user'] })
  const refused = await order()
  console.log(refused.status, refused.headers.get('content-type'))
  await mail.idle()

  await new Promise((resolve) => server.close(resolve))
  await mail.close()
  await emulator.close()
}
`

const types = `
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
export const handler: RequestHandler = mailgun(undefined, { name: 'other' })
export const errorHandler: ErrorRequestHandler = mailErrorHandler()
export const service = (res: Response) => res.mail.render('view', {}, { to: 'a@example.com' })
// @ts-expect-error misspelt
export const misspelt = () => mailgunOptions({ tag: ['a'] })
`

/** What the app writes. */
export const expected: readonly string[] = [
  "200 [ 'now@example.com' ]",
  'Now {"tags":["default","app"],"variables":{"url":"/order"}}',
  'Later {"tags":["default","app"],"variables":{"url":"/order"}}',
  '422 application/problem+json',
]

/** Makes the app in a folder of its own, compiles it if it is TypeScript, runs it, and returns what it writes. */
export function runExpressApp(stranger: Stranger, app: ExpressApp): string[] {
  const { language, modules, express } = app
  const at = `${language}-${modules}-${express}`
  const isTypeScript = language === 'TypeScript'
  const folder = join(stranger.folder, at)
  mkdirSync(folder)
  const version = express === 4 ? 'express4' : 'express'
  stranger.link(at, 'express', `${root}packages/express`, version)
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: modules === 'ESM' ? 'module' : 'commonjs' }),
  )
  const head = imports.map(([names, from]) =>
    isTypeScript || modules === 'ESM'
      ? `import ${names} from '${from}'`
      : `const ${names} = require('${from}')`,
  )
  const code = [...head, ...(isTypeScript ? [types] : []), body, 'void main()\n'].join('\n')
  writeFileSync(join(folder, isTypeScript ? 'app.ts' : 'app.js'), code)
  if (isTypeScript) {
    stranger.link(at, '@types/express', `${root}packages/express`, `@types/${version}`)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compiler))
    stranger.run(at, 'tsc', '-p', '.')
  }
  return stranger.run(at, process.execPath, 'app.js').trim().split('\n')
}

/** Compiles a server of `node:http` with the middlewares, in a folder that has no types of Express. */
export function compileWithoutExpressTypes(stranger: Stranger): void {
  const at = 'TypeScript-without-Express'
  const folder = join(stranger.folder, at)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  writeFileSync(
    join(folder, 'app.ts'),
    `
import { createServer } from 'node:http'
import { mailErrorHandler, mailgun, mailgunOptions, type ResMail } from '@mailgun-smtp/express'
const mail = mailgun(undefined, { defaults: (req) => ({ variables: { url: req.url ?? '' } }) })
const options = mailgunOptions((req) => ({ tags: [req.method ?? ''] }))
export const server = createServer((req, res) => {
  const send = (resMail: ResMail) => void resMail({ to: 'a@example.com' })
  mail(req, res, () => options(req, res, () => send((res as typeof res & Express.Response).mail)))
})
mail.attach(server).listen(0)
export const errorHandler = mailErrorHandler()
`,
  )
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compiler))
  stranger.run(at, 'tsc', '-p', '.')
}

const compiler = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    esModuleInterop: true,
    skipLibCheck: false,
    types: ['node'],
  },
  files: ['app.ts'],
}
