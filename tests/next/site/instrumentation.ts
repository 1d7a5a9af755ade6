/** Next.js calls it once, when the server starts, in a module graph of its own. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { registerMail } = await import('@mailgun-smtp/next')
  const { mailer } = await import('./lib/mail')
  await registerMail(mailer)
}
