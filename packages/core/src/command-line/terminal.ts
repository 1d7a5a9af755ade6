import { styleText } from 'node:util'

/** What a command has of the world outside. */
export interface Terminal {
  readonly environment: NodeJS.ProcessEnv
  /** Whether what is printed may be coloured. */
  readonly color: boolean
  /** Aborted by Ctrl-C, and by a signal that ends the process. */
  readonly signal: AbortSignal
  /** Reads all of standard input. */
  readonly readInput: () => Promise<string>
  /** Writes a result. */
  readonly print: (text: string) => void
  /** Writes anything that is not the result: an error or a warning. */
  readonly complain: (sentence: string) => void
}

/** How a piece of text is meant. */
export type Tone = 'good' | 'bad' | 'quiet' | 'strong'

const formats = { good: 'green', bad: 'red', quiet: 'dim', strong: 'bold' } as const

/** The text without control characters: what a server says must not steer the terminal. */
export function harmless(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '�')
}

/** The text in the colour of its tone. */
export function toned(terminal: Pick<Terminal, 'color'>, tone: Tone, text: string): string {
  // Whether a terminal shows colours was decided before.
  return terminal.color ? styleText(formats[tone], text, { validateStream: false }) : text
}
