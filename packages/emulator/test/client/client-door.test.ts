import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import type * as client from '../../src/client/index.ts'
import { openEmulator } from '../clients/open-emulator.ts'

test('the client, bundled for a browser, needs nothing that Node has and a browser has not', async () => {
  const source = fileURLToPath(new URL('../../src/client/', import.meta.url))
  const { emulator, send } = await openEmulator()
  await send({ to: 'ada@example.com', subject: 'Hello' })

  const [{ output }] = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      lib: { entry: `${source}index.ts`, formats: ['iife'], name: 'door' },
    },
  })) as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput]
  const [{ code, moduleIds }, ...others] = output as [Rolldown.OutputChunk]

  expect(others).toEqual([])
  expect(moduleIds.filter((id) => !id.startsWith(source))).toEqual([])
  const browser = { fetch, URL, AbortController }
  const { createEmulatorClient } = runInNewContext(`${code}; door`, browser) as typeof client
  const [message] = await createEmulatorClient(emulator.httpUrl ?? '').list()
  expect(message?.subject).toBe('Hello')
})
