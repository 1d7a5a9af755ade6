/** Something that Mailgun takes, and that may not do what its sender means. */
export interface Diagnostic {
  readonly code: string
  readonly message: string
  /** The option or field it is about, in core's words: `deliverBy`. */
  readonly path?: string | undefined
  /** The header it is about, as received. */
  readonly header?: string | undefined
}
