import { parseArgs } from 'node:util'

/** The command line cannot be meant as it is. Its message says the cure, and shows no value: one may be a password. */
export class UsageError extends Error {}

/** The flags of a command, as `parseArgs` takes them. */
export interface FlagTable {
  readonly [name: string]: { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }
}

type Values<Flags extends FlagTable> = ReturnType<typeof parseArgs<{ options: Flags }>>['values']

/** The flags given, and whether a lone `-` was. */
export interface GivenFlags<Flags extends FlagTable> {
  readonly values: Values<Flags>
  readonly hasDash: boolean
}

/**
 * Reads the flags of a command.
 *
 * @throws {UsageError} for a flag that it does not have, that lacks its value, or that is given twice.
 */
export function readFlags<const Flags extends FlagTable>(
  command: string,
  args: readonly string[],
  flags: Flags,
): GivenFlags<Flags> {
  const options = flags as FlagTable
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const given = new Set<string>()
  let hasDash = false
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (token.value !== '-') {
        throw new UsageError(
          `${command} takes flags only, such as --url URL: see mailgun-smtp ${command} --help.`,
        )
      }
      hasDash = true
    }
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined
    if (!flag) {
      throw new UsageError(`There is no flag ${token.rawName}: see mailgun-smtp ${command} --help.`)
    }
    checkValue(flag, token)
    if (given.has(token.name) && !flag.multiple) {
      throw new UsageError(`${token.rawName} can be given once only: remove one.`)
    }
    given.add(token.name)
  }
  const { values } = parseArgs({ args: [...args], options: flags, allowPositionals: true })
  return { values, hasDash }
}

function checkValue(
  { type }: FlagTable[string],
  { rawName, value, inlineValue }: { rawName: string; value?: unknown; inlineValue?: unknown },
): void {
  if (type === 'boolean' && value !== undefined) {
    throw new UsageError(`${rawName} takes no value: leave out what follows it.`)
  }
  const isFlag = inlineValue !== true && typeof value === 'string' && /^-./.test(value)
  if (type === 'string' && (value === undefined || value === '' || isFlag)) {
    throw new UsageError(
      `${rawName} takes a value; write ${rawName}=VALUE if it begins with a hyphen.`,
    )
  }
}
