import { z } from 'zod'

/** A form with all kinds of choices: one of several, any of several, a list, and a field that repeats. */
export const choicesSchema = z.object({
  paper: z.enum(['laid', 'wove']),
  extras: z.array(z.string()),
  guests: z.array(z.string()),
  delivery: z.array(z.string()).min(1, 'Choose a day.'),
  agreed: z.literal('yes', 'Please agree.'),
})
