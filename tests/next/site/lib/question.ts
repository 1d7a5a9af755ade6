import { z } from 'zod'

/** What each form asks. */
export const questionSchema = z.object({
  email: z.email('Write one address.'),
  text: z.string().trim().min(1, 'Write something.'),
})

/** What a careless app asks: anything. */
export const carelessSchema = z.object({ email: z.string(), text: z.string() })
