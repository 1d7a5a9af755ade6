/** Next.js calls it once, when the server starts, in a module graph of its own. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { mailer, owner, sender } = await import('./lib/mail')
  await mailer.send({ from: sender, to: owner, subject: 'Start', text: 'From the hook.' })
}
