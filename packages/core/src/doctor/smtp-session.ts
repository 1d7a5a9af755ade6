import { once, EventEmitter } from 'node:events'
import { connect as connectSocket, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { Reply } from '../outcome/outcome.ts'
import { within, type Limits } from './limits.ts'

/** The connection ended. */
export class LostError extends Error {}

/** What came is not a reply (RFC 5321 §4.2). */
export class NotSmtpError extends Error {}

/** The longest reply that is read: a server that never ends a line must not fill the memory. */
const maxReplyLength = 65_536

/** An address that does not answer costs so much, in milliseconds, before the next one of the name is tried (RFC 8305 §5). */
const addressTimeout = 2000

/** One conversation with a server, step by step: nodemailer shows only how a whole one ended. */
export class SmtpSession {
  readonly #limits: Limits
  readonly #change = new EventEmitter()
  #socket: Socket
  #input = ''
  #ended = false

  private constructor(socket: Socket, limits: Limits) {
    this.#socket = socket
    this.#limits = limits
  }

  /** Connects, and reads nothing yet. */
  static async connect(
    place: { readonly host: string; readonly port: number },
    limits: Limits,
  ): Promise<SmtpSession> {
    const socket = connectSocket({
      ...place,
      autoSelectFamilyAttemptTimeout: Math.min(addressTimeout, Math.ceil(limits.timeout / 3)),
    })
    try {
      await within(limits, (signal) => once(socket, 'connect', { signal }))
    } catch (error) {
      socket.destroy()
      throw error
    }
    const session = new SmtpSession(socket, limits)
    session.#listen()
    return session
  }

  /** Encrypts the connection. The certificate is not judged: that is the caller's, who has to look at the socket. */
  async encrypt(host: string, options: ConnectionOptions): Promise<TLSSocket> {
    const plain = this.#socket
    plain.removeAllListeners('data')
    // Bytes that arrived in clear must not count as the server's replies (RFC 3207 §6).
    this.#input = ''
    const socket = connectTls({
      host,
      ...(isIP(host) ? {} : { servername: host }),
      ...options,
      socket: plain,
      rejectUnauthorized: false,
    })
    this.#socket = socket
    try {
      await within(this.#limits, (signal) => once(socket, 'secureConnect', { signal }))
    } catch (error) {
      this.close()
      throw error
    }
    this.#listen()
    return socket
  }

  /** Sends a line and reads its reply. */
  command(line: string): Promise<Reply> {
    this.#socket.write(`${line}\r\n`)
    return this.reply()
  }

  /** Reads the next reply; its text has the lines of the reply, without their codes. */
  async reply(): Promise<Reply> {
    for (;;) {
      const reply = this.#takeReply()
      if (reply) return reply
      if (this.#input.length > maxReplyLength) throw new NotSmtpError()
      if (this.#ended) throw new LostError()
      await within(this.#limits, (signal) => once(this.#change, 'change', { signal }))
    }
  }

  /** Says goodbye, and ends the connection whatever the server says to that. */
  async quit(): Promise<void> {
    try {
      if (!this.#ended) await this.command('QUIT')
    } catch {
      // What a server does after QUIT does not matter.
    } finally {
      this.close()
    }
  }

  close(): void {
    this.#socket.destroy()
  }

  #listen(): void {
    const end = (): void => {
      this.#ended = true
      this.#change.emit('change')
    }
    this.#socket.setEncoding('utf8')
    this.#socket.on('error', end)
    this.#socket.on('close', end)
    this.#socket.on('end', end)
    this.#socket.on('data', (chunk) => {
      this.#input += String(chunk)
      this.#change.emit('change')
    })
  }

  #takeReply(): Reply | undefined {
    const whole = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\r?\n/.exec(this.#input)
    if (!whole) {
      const mayBecome = /^\d{0,3}$|^\d{3}(?:[ -]|\r?\n?$)/.test(this.#input)
      if (!mayBecome) throw new NotSmtpError()
      return undefined
    }
    this.#input = this.#input.slice(whole[0].length)
    const text = whole[0].trimEnd().replaceAll(/^\d{3}[ -]?/gm, '')
    return { code: Number(whole[1]), text }
  }
}
