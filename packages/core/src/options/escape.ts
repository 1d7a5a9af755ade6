/** What Mailgun replaces in a message, by how it begins after its percent sign (manual, "Template variables"). */
const openings = [
  // %recipient%, %recipient_email%, %recipient.key%
  'recipient(?:[._%]|$)',
  // %unsubscribe_url%, %unsubscribe_email%
  'unsubscribe_',
  // %tag_unsubscribe_url%
  'tag_unsubscribe_',
  // %mailing_list_unsubscribe_url%
  'mailing_list_unsubscribe_',
]

const opening = new RegExp(`%(?=${openings.join('|')})`, 'gi')

/**
 * Escapes placeholders in what a user wrote, so that Mailgun leaves them as they are: an invisible word joiner (U+2060)
 * follows each percent sign that would begin a placeholder. Use it for text, HTML, subjects and values of variables from
 * users. Do not use it for URLs: write `%25` for `%` there.
 */
export function escapeRecipientVariables(text: string): string {
  // Mailgun knows no escape, and decodes the transfer encoding before it replaces: only the characters can differ.
  return text.replace(opening, '%\u2060')
}
