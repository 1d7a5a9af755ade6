import { edition, mailer, owner, sender } from '../../../lib/mail'

export const dynamic = 'force-dynamic'

export function GET(): Response {
  return Response.json({ edition })
}

export async function POST(): Promise<Response> {
  await mailer.send({ from: sender, to: owner, subject: 'Route', text: 'From a route handler.' })
  return new Response(null, { status: 204 })
}
