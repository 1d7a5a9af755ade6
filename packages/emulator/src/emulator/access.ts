import { urlHost } from '../http/server.ts'
import type { Login } from '../smtp/authentication.ts'

/** How a client reaches the emulator; nodemailer and `createMailer` take it as it is. */
export interface EmulatorTransport<Secure extends boolean = boolean> {
  readonly host: string
  readonly port: number
  readonly secure: Secure
  readonly requireTLS: true
  readonly auth: { readonly user: string; readonly pass: string }
  readonly tls: { readonly ca: string }
}

/** Where the emulator's SMTP is. */
export interface SmtpAddress {
  readonly host: string
  /** SMTP with STARTTLS. */
  readonly port: number
  /** SMTP with implicit TLS. */
  readonly securePort: number | undefined
  readonly ca: string
}

/** A login and how to use it. Printing it shows no password. */
export class Access {
  readonly #address: SmtpAddress
  readonly #login: Login

  constructor(address: SmtpAddress, login: Login) {
    this.#address = address
    this.#login = login
  }

  get credentials(): Login {
    return { ...this.#login }
  }

  get smtpUrl(): string {
    const { user, pass } = this.#login
    const { host, port } = this.#address
    return `smtp://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@${urlHost(host)}:${port}`
  }

  get transport(): EmulatorTransport<false> {
    return this.#on(this.#address.port, false)
  }

  get secureTransport(): EmulatorTransport<true> | undefined {
    const { securePort } = this.#address
    return securePort === undefined ? undefined : this.#on(securePort, true)
  }

  #on<Secure extends boolean>(port: number, secure: Secure): EmulatorTransport<Secure> {
    const { host, ca } = this.#address
    return { host, port, secure, requireTLS: true, auth: this.credentials, tls: { ca } }
  }
}
