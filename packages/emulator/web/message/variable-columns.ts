import type { CopySummary } from '../../src/http/answers.ts'

const most = 6

/**
 * The names of the recipients' variables, in order of appearance, when there are few enough to
 * have a column each; none otherwise.
 */
export function variableColumns(copies: readonly CopySummary[]): readonly string[] {
  const names = new Set<string>()
  for (const { variables } of copies) {
    for (const name of Object.keys(variables)) names.add(name)
    if (names.size > most) return []
  }
  return [...names]
}
