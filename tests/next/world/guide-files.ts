import { readFileSync } from 'node:fs'
import { root } from '../../workspace.ts'

/** The files of an app that the guide tells to write, as it tells them: by path within the app; with its tests, if asked for. */
export function guideFiles({ tests = false } = {}): ReadonlyMap<string, string> {
  const guide = readFileSync(`${root}docs/guides/nextjs.md`, 'utf8')
  const blocks = guide.matchAll(/^`(?<path>[\w./-]+\.tsx?)`\n\n```\w+\n(?<code>[\s\S]*?)^```$/gm)
  const files = Array.from(
    blocks,
    ({ groups }) => [groups?.path ?? '', groups?.code ?? ''] as const,
  )
  return new Map(files.filter(([path]) => tests || !path.endsWith('.test.ts')))
}
