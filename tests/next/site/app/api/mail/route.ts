import { connection } from 'next/server'
import { limited } from '../../forms/actions'
import { copy } from '../../forms/careless'
import { edition, mailer, owner, sender } from '../../../lib/mail'

export async function GET(): Promise<Response> {
  await connection()
  return Response.json({ edition })
}

export async function POST(): Promise<Response> {
  await mailer.send({ from: sender, to: owner, subject: 'Route', text: 'From a route handler.' })
  return new Response(null, { status: 204 })
}

/** An action may be called as the function that it is. */
export async function PUT(request: Request): Promise<Response> {
  return Response.json(await copy({ status: 'idle' }, await request.formData()))
}

/** The same for one that mails the owner. */
export async function PATCH(request: Request): Promise<Response> {
  return Response.json(await limited({ status: 'idle' }, await request.formData()))
}
