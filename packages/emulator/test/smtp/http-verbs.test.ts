import { expect, test } from 'vitest'
import { createMailgunEmulator } from '../../src/index.ts'
import { RawClient } from '../clients/raw-client.ts'

// What a browser sends for a form with enctype="text/plain" whose lines are commands.
const form = (method: string): string =>
  `${method} / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n\r\nEHLO x\r\nMAIL FROM:<a@mg.example.com>\r\nRCPT TO:<b@c.d>\r\nDATA\r\nSubject: planted\r\n\r\nx\r\n.\r\nQUIT\r\n`

test.each(['GET', 'POST', 'PUT', 'OPTIONS', 'CONNECT'])(
  'a web page cannot plant mail: %s ends the session',
  async (method) => {
    await using emulator = await createMailgunEmulator({ credentials: 'none', mode: 'lenient' })
    const client = await RawClient.connect(emulator)
    await client.lines(1)
    client.send(form(method))

    const said = await client.untilEnd()

    expect(said).toMatch(/^221 [^\r\n]*SMTP server[^\r\n]*\r\n$/)
    expect(emulator.submissions).toEqual([])
    client.close()
  },
)
