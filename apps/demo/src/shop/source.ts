import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A piece of source, and what it is to the eye. */
export interface Token {
  readonly kind: 'plain' | 'comment' | 'text' | 'word' | 'decorator' | 'number'
  readonly text: string
}

/** Reads a source file of the demo, named from its folder, which every process of the demo runs in. */
export async function readSource(file: string): Promise<string> {
  return (await readFile(join(/* turbopackIgnore: true */ process.cwd(), file), 'utf8')).trimEnd()
}

const words =
  'as async await class const else export extends for from function if import in interface let new of private readonly return static this throw try type typeof'

const grammar = new RegExp(
  [
    String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|` + '`(?:[^`\\\\]|\\\\[\\s\\S])*`)',
    String.raw`(?<decorator>@[A-Za-z]\w*)`,
    String.raw`(?<word>(?<![\w$.])(?:${words.replaceAll(' ', '|')})(?![\w$]|\s*:))`,
    String.raw`(?<number>(?<![\w$])\d[\d_]*(?![\w$]))`,
  ].join('|'),
  'g',
)

/** Cuts TypeScript into tokens whose texts, joined, are the source again. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const match of source.matchAll(grammar)) {
    if (match.index > at) tokens.push({ kind: 'plain', text: source.slice(at, match.index) })
    tokens.push({ kind: kindOf(match.groups ?? {}), text: match[0] })
    at = match.index + match[0].length
  }
  if (at < source.length) tokens.push({ kind: 'plain', text: source.slice(at) })
  return tokens
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): Token['kind'] {
  for (const kind of ['comment', 'text', 'decorator', 'word', 'number'] as const) {
    if (groups[kind] !== undefined) return kind
  }
  return 'plain'
}
