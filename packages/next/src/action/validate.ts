import { fileFaults, filesOf, withoutFiles } from './attachments.ts'
import type { BoundSchema } from './bound-arguments.ts'
import { textOf } from './failure-messages.ts'
import { complaints, echo, type FormInput, tooLongFields } from './form-input.ts'
import { fieldNames, type InferOutput, type StandardSchemaV1 } from '../form/standard-schema.ts'
import type { InvalidState } from '../form/state.ts'
import type { Submission } from './submission.ts'

/** A form that is right. */
export interface ValidForm<Schema extends StandardSchemaV1> {
  readonly status: 'valid'
  readonly value: InferOutput<Schema>
  readonly files: ReturnType<typeof filesOf>
}

/** Checks a form by the limits on values and files, and by the schema. */
export async function validate<Schema extends StandardSchemaV1, Bound extends BoundSchema>(
  submission: Submission<Schema, Bound>,
  input: FormInput,
): Promise<ValidForm<Schema> | InvalidState> {
  const { settings, echoed } = submission
  const files = filesOf(input, settings.attachments)
  const excesses = await excessesOf(submission, input, files)
  // The schema does not see a string that is too long: its patterns could take very long.
  const result = excesses.tooLong
    ? { issues: [] }
    : ((await settings.schema['~standard'].validate(
        withoutFiles(input, settings.attachments, fieldNames(settings.schema)),
      )) as StandardSchemaV1.Result<InferOutput<Schema>>)
  const issues = [...excesses.issues, ...(result.issues ?? [])]
  if (issues.length > 0 || result.issues) {
    return { status: 'invalid', ...complaints(issues), values: echo(input, echoed) }
  }
  return { status: 'valid', value: result.value, files }
}

/** What is over a limit of this package, in words for the visitor. */
async function excessesOf<Schema extends StandardSchemaV1, Bound extends BoundSchema>(
  { settings, context }: Submission<Schema, Bound>,
  input: FormInput,
  files: ReturnType<typeof filesOf>,
): Promise<{ readonly tooLong: boolean; readonly issues: readonly StandardSchemaV1.Issue[] }> {
  const tooLong = tooLongFields(input, settings.limits ?? {})
  const excesses = [
    ...tooLong.map((field) => ({ field, code: 'too-long' as const })),
    ...fileFaults(files, settings.attachments).map(({ field, fault }) => ({ field, code: fault })),
  ]
  return {
    tooLong: tooLong.length > 0,
    issues: await Promise.all(
      excesses.map(async ({ field, code }) => ({
        message: await textOf(code, settings.messages, context),
        path: [field],
      })),
    ),
  }
}
