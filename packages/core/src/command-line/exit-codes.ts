/** How a command can end. */
export interface Exit {
  readonly code: number
  readonly means: string
}

type AnyCommand = 'usage' | 'defect'

const anyCommand: Readonly<Record<AnyCommand, Exit>> = {
  usage: { code: 2, means: 'wrong usage, or settings that cannot work: nothing was opened' },
  defect: { code: 70, means: 'a defect of this program (EX_SOFTWARE)' },
}

/** How `doctor` ends. */
export const doctorExits: Readonly<Record<'works' | 'change' | AnyCommand, Exit>> = {
  works: { code: 0, means: 'the configured way works' },
  change: { code: 1, means: 'something must change; the last line says what' },
  ...anyCommand,
}

/** How `send` ends: by the outcome, and whether sending again can help. */
export const sendExits: Readonly<
  Record<
    'accepted' | 'rejected' | 'unknown' | 'partly' | 'deferred' | 'hindered' | AnyCommand,
    Exit
  >
> = {
  accepted: { code: 0, means: 'accepted for every recipient' },
  rejected: { code: 1, means: 'rejected: not accepted, and it never will be' },
  unknown: {
    code: 3,
    means: 'unknown: handed over, but no reply came; look in the log before sending again',
  },
  partly: { code: 4, means: 'accepted, but not for every recipient' },
  deferred: { code: 75, means: 'deferred: not accepted; send again later (EX_TEMPFAIL)' },
  hindered: {
    code: 78,
    means: 'deferred: not accepted until something changes, such as the login (EX_CONFIG)',
  },
  ...anyCommand,
}
