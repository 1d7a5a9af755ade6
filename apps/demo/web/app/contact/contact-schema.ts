import { z } from 'zod'

const filled = (complaint: string): z.ZodString => z.string().trim().min(1, complaint)

/** What the contact form asks. */
export const contactSchema = z.object({
  name: filled('What may we call you?'),
  email: z.email('Write one address, such as ada@example.com.'),
  subject: filled('What is it about?'),
  question: filled('The letter is empty.'),
})
