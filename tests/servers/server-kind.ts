/** Where a server works, and by which rules: `no@` is refused, `later@` is put off once, every other recipient is taken. */
export interface Place {
  /** A folder of its own. */
  readonly folder: string
  /** The folder below it for the mails it took. */
  readonly mails: string
  readonly port: number
  /** Paths of the PEM files. */
  readonly cert: string
  readonly key: string
  readonly user: string
  readonly pass: string
  /** In bytes. */
  readonly sizeLimit: number
  /** When it ends a connection that says nothing, in seconds. */
  readonly idleTime: number
}

/** How to start a server. */
export interface Command {
  readonly path: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Who it runs as. Default: who runs the tests. */
  readonly user?: number | undefined
}

/** A server that exists outside of this project. */
export interface ServerKind {
  readonly name: string
  /** Why it cannot run here, or undefined if it can. */
  readonly absence: string | undefined
  /** Writes its own config into its folder, and nothing anywhere else. */
  prepare(place: Place): Command
  /** The files in `mails` that are mails it answered 250 for. */
  readonly taken: RegExp
}
