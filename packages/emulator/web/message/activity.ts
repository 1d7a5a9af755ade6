import type { CopySummary } from '../../src/http/answers.ts'

/** What a recipient did with a copy: `opened, clicked 2 times`; empty for nothing. */
export function activityText({ opens, clicks }: Pick<CopySummary, 'opens' | 'clicks'>): string {
  return [counted('opened', opens.length), counted('clicked', clicks.length)]
    .filter((words) => words !== '')
    .join(', ')
}

/** The addresses that were followed, each once. */
export function followed({ clicks }: Pick<CopySummary, 'clicks'>): readonly string[] {
  return [...new Set(clicks.map(({ url }) => url))]
}

function counted(verb: string, count: number): string {
  if (count === 0) return ''
  return count === 1 ? verb : `${verb} ${count} times`
}
