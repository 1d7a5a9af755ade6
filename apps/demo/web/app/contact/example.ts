/** A question for those in a hurry. */
export const example = {
  name: 'Ada Lovelace',
  subject: 'Paper for a long letter',
  question:
    'Which of your papers bears iron gall ink on both sides? I am writing to a machine, and have much to say.',
}
