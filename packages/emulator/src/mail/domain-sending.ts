/** How a domain sends if the message does not say. */
export interface DomainSending {
  /** Whether mail is signed with DKIM. Default: `true`. */
  readonly dkim?: boolean | undefined
  /** Whether the connection to the recipient's server must use TLS. Default: `false`. */
  readonly requireTls?: boolean | undefined
  /** Whether the certificate of the recipient's server is not checked. Default: `false`. */
  readonly skipVerification?: boolean | undefined
}
