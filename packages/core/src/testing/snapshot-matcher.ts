import type { CapturedMail } from './mail.ts'
import { mailSnapshot, type MailSnapshotSettings } from './mail-snapshot.ts'

/** A mail compared with the one that a runner keeps in its snapshot file. */
export interface MailSnapshotMatchers {
  /** As `mailSnapshot` writes it; `hint` tells several of one test apart. */
  toMatchMailSnapshot(
    settings?: MailSnapshotSettings & { readonly hint?: string | undefined },
  ): Promise<void>
}

/** A runner's own `toMatchSnapshot`, as far as it is used: called with the matcher's `this`. */
export type SnapshotComparison<Context, Result> = (
  this: Context,
  received: unknown,
  ...hint: string[]
) => Result | Promise<Result>

/**
 * Makes `toMatchMailSnapshot` for `expect.extend` from the runner's `toMatchSnapshot`: the one of `jest-snapshot`, or Vitest's
 * `Snapshots.toMatchSnapshot`.
 */
export function mailSnapshotMatchers<Context, Result>(
  toMatchSnapshot: SnapshotComparison<Context, Result>,
): {
  readonly toMatchMailSnapshot: (
    this: Context,
    received: unknown,
    ...settings: Parameters<MailSnapshotMatchers['toMatchMailSnapshot']>
  ) => Promise<Result>
} {
  return {
    async toMatchMailSnapshot(received, { hint, ...settings } = {}) {
      // mailSnapshot checks whether it is a mail.
      const text = await mailSnapshot(received as CapturedMail, settings)
      return toMatchSnapshot.call(this, text, ...(hint === undefined ? [] : [hint]))
    },
  }
}
