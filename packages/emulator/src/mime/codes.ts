import { shownText } from '@mailgun-smtp/core/matchers'

/**
 * The numbers of 4 to 8 digits on their own, `123 456` and `123-456` among them (given without what parts them);
 * each once. What is part of a link, a decimal, a price or a longer number is none, and no mail's style sheet has one.
 */
export function codesIn(text: string, html = ''): readonly string[] {
  const read = [text, shownText(html)].map((each) => each.replace(/\bhttps?:\/\/\S+/gi, ' '))
  const found = read.flatMap((each) =>
    Array.from(
      each.matchAll(/(?<![\w$€£#&/+@.,:-])(?:\d{4,8}|\d{3}[ -]\d{3})(?![\w%@/]|[-.,:]\d| \d)/g),
      ([code]) => code.replace(/[ -]/, ''),
    ),
  )
  return [...new Set(found)]
}
