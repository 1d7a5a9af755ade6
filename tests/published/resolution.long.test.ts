import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStranger, type Stranger } from './consumer/stranger.ts'
import { root, rooms } from '../workspace.ts'

let stranger: Stranger

beforeAll(() => {
  stranger = createStranger()
  for (const name of ['@types/express', '@types/react']) stranger.link('.', name, `${root}tests`)
  stranger.link('.', 'typescript', `${root}tests`, 'typescript-5')
  writeFileSync(join(stranger.folder, 'package.json'), '{ "private": true, "type": "module" }')
  const doors = rooms.flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((door) => door !== './package.json')
      .map((door) => `${manifest.name}${door.slice(1)}`),
  )
  const lines = doors.map((door, place) => `export * as door${place} from '${door}'`)
  writeFileSync(join(stranger.folder, 'doors.ts'), lines.join('\n'))
})
afterAll(() => stranger[Symbol.dispose]())

it.each([
  ['node', 'esnext'],
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['bundler', 'esnext'],
])(
  'TypeScript 5.9 finds the types of every door with moduleResolution %s',
  (resolution, module) => {
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2023',
      '--types',
      'node',
    ]
    const compiler = join(stranger.folder, 'node_modules/typescript/lib/tsc.js')
    const args = [...flags, '--module', module, '--moduleResolution', resolution, 'doors.ts']

    expect(stranger.run('.', process.execPath, compiler, ...args)).toBe('')
  },
)
