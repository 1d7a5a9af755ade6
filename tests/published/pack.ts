import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packAll, tarballsIn } from '../../scripts/pack.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** The tarball of each package, by its name, as it would be published. */
    tarballs: Readonly<Record<string, string>>
  }
}

/** Packs the packages once for all tests of a run, unless `scripts/check.mjs` has packed them already. */
export default function setup({ provide }: TestProject): (() => void) | undefined {
  const packed = process.env['PACKED_IN']
  if (packed !== undefined) {
    provide('tarballs', tarballsIn(packed))
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-packed-'))
  provide('tarballs', packAll(folder))
  return () => rmSync(folder, { recursive: true, force: true })
}
