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
 * A text that Mailgun leaves as it is: an invisible word joiner (U+2060) follows each percent sign that would begin a
 * placeholder. For text, HTML, subjects and values of variables from users; not for URLs, where `%` is `%25`.
 */
export function escapeRecipientVariables(text: string): string {
  // Mailgun knows no escape, and decodes the transfer encoding before it replaces: only the characters can differ.
  return text.replace(opening, '%\u2060')
}
