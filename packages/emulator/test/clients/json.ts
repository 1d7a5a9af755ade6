import type { MailgunEmulator } from '../../src/index.ts'

/** Asks the API, with the headers that a change needs. */
export async function ask(
  emulator: MailgunEmulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${emulator.httpUrl}/emulator/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-mailgun-emulator': '1' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}
