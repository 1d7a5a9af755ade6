/** What was typed, by field. */
export type Values = Readonly<Record<string, string>>

/** What is wrong, by field. */
export type Problems = Readonly<Record<string, string>>

/** A form as a page shows it. */
export interface FormState {
  readonly values: Values
  readonly problems?: Problems | undefined
  /** What is wrong with no field in particular. */
  readonly notice?: Notice | undefined
}

/** A failure in words for people. */
export interface Notice {
  readonly title: string
  readonly text: string
  /** A heading of `docs/errors.md`. */
  readonly code?: string | undefined
}

/** The form cannot be used as it was filled in. */
export class UnusableForm extends Error {
  readonly problems: Problems

  constructor(problems: Problems) {
    super('The form cannot be used as it was filled in.')
    this.problems = problems
  }
}

const longest = 10_000

/** The strings of a submitted form. It leaves out other values, and strings longer than a form of this shop needs. */
export function readValues(body: unknown): Values {
  return Object.fromEntries(
    Object.entries(Object(body) as object).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' && value.length <= longest
        ? [[name, value.replaceAll('\r\n', '\n').trim()]]
        : [],
    ),
  )
}

/**
 * The fields that must be filled in.
 *
 * @throws {UnusableForm} saying which are not.
 */
export function required<Name extends string>(
  values: Values,
  questions: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const asked = Object.entries(questions) as [Name, string][]
  const missing = asked.filter(([name]) => !values[name])
  if (missing.length > 0) throw new UnusableForm(Object.fromEntries(missing))
  return Object.fromEntries(asked.map(([name]) => [name, values[name] ?? ''])) as Record<
    Name,
    string
  >
}
