// In a client component import from @mailgun-smtp/next/form, and the action from a file that
// begins with 'use server'. Next.js shows this beside its refusal of the next line.
import 'server-only'

// For bundlers that do not know the line above.
export * from './edge.ts'
