import type { MailgunEmulator } from '../../src/index.ts'
import type { Login } from '../../src/smtp/authentication.ts'
import { RawClient } from './raw-client.ts'

/** A session that says one thing after the other, and what came back. */
export class Conversation {
  readonly #client: RawClient

  private constructor(client: RawClient) {
    this.#client = client
  }

  /** Connects and says EHLO, in clear. */
  static async open(emulator: MailgunEmulator): Promise<Conversation> {
    const client = await RawClient.connect(emulator)
    await client.until('ready\r\n')
    client.send('EHLO client\r\n')
    await client.until('STARTTLS\r\n')
    return new Conversation(client)
  }

  async logIn({ user, pass }: Login): Promise<string> {
    return this.say(`AUTH PLAIN ${Buffer.from(`\0${user}\0${pass}`).toString('base64')}`)
  }

  /** The reply to one line. */
  async say(line: string): Promise<string> {
    this.#client.send(`${line}\r\n`)
    return (await this.#client.lines(1)).trimEnd()
  }

  /** Offers a message up to DATA: its reply, or the first that is no success. */
  async offer(from: string, to: readonly string[]): Promise<string> {
    for (const line of [`MAIL FROM:<${from}>`, ...to.map((address) => `RCPT TO:<${address}>`)]) {
      const reply = await this.say(line)
      if (!reply.startsWith('250')) return reply
    }
    return this.say('DATA')
  }

  /** Sends a message: the reply to it, or the first that is no success. */
  async send(
    from: string,
    to: readonly string[],
    message = `From: ${from}\r\nSubject: x\r\n\r\ny\r\n`,
  ): Promise<string> {
    const reply = await this.offer(from, to)
    return reply.startsWith('354') ? this.say(`${message}.`) : reply
  }

  untilEnd(): Promise<string> {
    return this.#client.untilEnd()
  }

  close(): void {
    this.#client.close()
  }
}
