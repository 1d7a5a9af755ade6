/** What an emulator tells of itself; no password. */
export interface EmulatorInfo {
  readonly host: string
  readonly port: number
  readonly securePort: number | undefined
  readonly domains: readonly string[]
  readonly user: string
  readonly ca: string
  /** Whether other machines may ask, too. */
  readonly allowRemote: boolean
}
