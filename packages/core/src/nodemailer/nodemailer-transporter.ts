/**
 * A transporter of nodemailer 6 to 10, by what it has: with the types that nodemailer 10 brings, or those of
 * `@types/nodemailer`. `Info` is what its own `sendMail` resolves with.
 */
export interface NodemailerTransporter<Info = unknown> {
  /** The message's defaults. nodemailer has no public name for them. */
  _defaults: object
  /** What hands a message over, such as nodemailer's SMTP client. */
  transporter: {
    name: string
    version: string
    send(mail: never, callback: (error: Error | null, info?: Info) => void): void
  }
  sendMail(message: never): Promise<unknown>
  use(step: string, plugin: never): unknown
  verify(): Promise<true>
  isIdle(): boolean
  close(): void
}
