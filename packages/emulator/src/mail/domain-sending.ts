/** How a domain sends where a message does not say. */
export interface DomainSending {
  /** Whether mail is signed. Default: true. */
  readonly dkim?: boolean | undefined
  /** Whether the hop to the recipient's server must use TLS. Default: false. */
  readonly requireTls?: boolean | undefined
  /** Whether that server's certificate goes unchecked. Default: false. */
  readonly skipVerification?: boolean | undefined
}
