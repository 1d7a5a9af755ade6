import { parseHeaders, type HeaderProblem, type MailgunOptions } from '@mailgun-smtp/core/headers'
import type { Container } from './container.ts'
import type { HeaderBlock } from '../mime/header-block.ts'

/** What Mailgun is told by a mail's header, and by its container if it has one. */
export interface ReadMail {
  readonly options: MailgunOptions
  readonly problems: readonly HeaderProblem[]
}

/** Options may be in the header of a container and in that of the mail inside, which counts more. */
export function readMail(
  blocks: readonly HeaderBlock[],
  container: Container | undefined,
): ReadMail {
  const problems: HeaderProblem[] = []
  // Only the values of these are read at all.
  const own = blocks.flatMap(({ fields }) => fields.filter(({ name }) => /^x-mailgun-/i.test(name)))
  const options = parseHeaders(
    own.map(({ name, value }) => [name, value] as const),
    (problem) => problems.push(problem),
  )
  if (!container) return { options, problems }
  const { variables } = container
  return {
    options: variables ? { ...options, recipientVariables: variables } : options,
    problems: [...container.problems, ...problems],
  }
}
