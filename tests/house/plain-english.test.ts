import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { filesBelow, rooms, root } from '../workspace.ts'

// A short list, and an honest one: it finds words, not bad sentences. A reader still has to read the page.
const habits: readonly {
  readonly found: RegExp
  readonly write: string
}[] = [
  {
    found: /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more than\b|later than\b|less\b)/gi,
    write: '"is not a …" for "is no …"',
  },
  {
    found: /\b(?:a|an|each|every|one|any|whole) text\b(?! (?:part|file|body|version))|\btexts\b/gi,
    write: '"string" for a value of that type, "words" or "message" for what is said',
  },
  {
    found: /\b(?:no|some|any|every)body\b/gi,
    write: 'who it is, or "you cannot tell" for "nobody knows"',
  },
  { found: /\bstands?\b|\bstood\b/gi, write: '"is", "means" or "is listed"' },
  {
    found: /\bwhat (?:becomes?|became|comes?|came) of\b/gi,
    write: '"the outcome of", or "what happens to"',
  },
  {
    found:
      /(?<!\b(?:any|every|some|no)thing |\b(?:some|any|no)where |\bwhat |\bwho )\belse\b(?!')/gi,
    write: '"otherwise"',
  },
  { found: /\bmend(?:s|ed)?\b/gi, write: '"fix"' },
  { found: /\bwhoever\b/gi, write: 'who it is: "a sender that …"' },
]

/** The prose of a page: neither its code blocks nor its inline code. */
function proseOf(page: string): string {
  return page
    .replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, ' '))
    .replace(/`[^`\n]*`/g, '`code`')
}

/** The docstrings of a module, each at its own line. */
function docstringsOf(source: string): string {
  let end = 0
  let prose = ''
  for (const { 0: docstring, index } of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    prose += source.slice(end, index).replace(/[^\n]/g, '') + docstring
    end = index + docstring.length
  }
  return prose.replace(/`[^`\n]*`/g, '`code`')
}

const documents = [
  ...filesBelow(`${root}docs`, /\.md$/),
  ...rooms.map(({ folder }) => `${folder}/README.md`),
  ...['README', 'ARCHITECTURE', 'CONTRIBUTING', 'SECURITY', 'CHANGELOG'].map(
    (name) => `${root}${name}.md`,
  ),
]
const sources = rooms.flatMap(({ folder }) => filesBelow(`${folder}/src`, /\.tsx?$/))

it.each([
  ['The documents', documents, proseOf],
  ['The docstrings of the packages', sources, docstringsOf],
] as const)('%s are free of words that make a sentence hard to read', (_, files, prose) => {
  const faults = files.flatMap((path) =>
    prose(readFileSync(path, 'utf8'))
      .split('\n')
      .flatMap((line, index) =>
        habits.flatMap(({ found, write }) =>
          Array.from(
            line.matchAll(found),
            ([words]) =>
              `${path.slice(root.length)}:${index + 1} "${words.trim()}": write ${write}. ${line.trim()}`,
          ),
        ),
      ),
  )

  expect(files.length).toBeGreaterThan(10)
  expect(faults).toEqual([])
})

it.each([
  'This is no header.',
  'Each text of a field',
  'nobody knows',
  'The value stands in a header.',
  'what became of the mail',
  'throws else.',
  'Mend it first.',
])('finds "%s"', (sentence) => {
  expect(habits.some(({ found }) => sentence.match(found) !== null)).toBe(true)
})

it.each(['There is no such option.', 'no longer', 'the text part', 'anything else', 'a string'])(
  'leaves "%s" alone',
  (sentence) => {
    expect(habits.some(({ found }) => sentence.match(found) !== null)).toBe(false)
  },
)
