/** How Mailgun's manual writes a recipient's variable ("Batch sending"). A key may hold blanks; a line's end ends it. */
const pattern = /%recipient\.([^%\r\n]{1,500})%/g

/** The keys of the recipient variables that a string has placeholders for, in order, each as often as it is there. */
export function placeholdersIn(text: string): string[] {
  return text.includes('%recipient.')
    ? Array.from(text.matchAll(pattern), ([, key = '']) => key)
    : []
}
