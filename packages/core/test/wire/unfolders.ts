/** A field's name and its value, folded as received. */
export type Field = readonly [name: string, value: string]

/** The fields of a header block, read as RFC 5322 §2.2 says and by none of this package's code. */
export function fieldsOf(block: string): Field[] {
  return block.split(/\r\n(?![ \t])/).map((field) => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon), field.slice(colon + 1).replace(/^ /, '')]
  })
}

/** How readers join the lines of a folded value; they do not agree. */
export const unfolders: Readonly<Record<string, (folded: string) => string>> = {
  'removes the line break (RFC 5322)': (folded) => folded.replaceAll('\r\n', ''),
  'makes the fold one space': (folded) => folded.replace(/\r\n[ \t]+/g, ' '),
  'drops the fold': (folded) => folded.replace(/\r\n[ \t]/g, ''),
}
