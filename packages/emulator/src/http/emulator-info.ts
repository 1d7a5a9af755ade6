/** What an emulator tells of itself; no password. */
export interface EmulatorInfo {
  readonly host: string
  readonly port: number
  readonly securePort: number | undefined
  readonly domains: readonly string[]
  readonly user: string
  readonly ca: string
  /** Names that the inbox is reached by, besides its addresses; in lower case. */
  readonly names: readonly string[]
  /** Whether other machines may ask, too. */
  readonly allowRemote: boolean
  /** The folder that mail is kept in. */
  readonly directory: string | undefined
  /** How many submissions are kept at most. */
  readonly keeps: number
}
