import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { cores } from './vitest.shared.ts'

/** How soon a file begins: what takes minutes first, then what waits for processes, then the packages. */
function rankOf({ moduleId, project }: TestSpecification): number {
  if (/\.(?:long|nightly)\.test\./.test(moduleId)) return 0
  return project.name === 'tests' ? 1 : 2
}

/** Long files first, so that no core is idle while the last of them runs. */
class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // Within a rank Vitest's own order holds, which keeps the files of a project together.
    return (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other))
  }
}

/** Every test of the repository in one run: `scripts/check.mjs` counts its report. */
export default defineConfig({
  test: {
    projects: ['packages/*/vitest.config.ts', 'apps/*/vitest.config.ts', 'tests/vitest.config.ts'],
    maxWorkers: cores,
    sequence: { sequencer: LongFilesFirst },
    reporters: ['default', './scripts/test-report.mjs'],
  },
})
