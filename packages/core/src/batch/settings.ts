import { InvalidOptionError } from '../outcome/errors.ts'
import { checkKey } from '../idempotency/key.ts'
import { maxRecipients } from '../options/registry.ts'
import type { ChunkLimits } from './chunk.ts'
import type { BatchReport, BatchSummary } from './report.ts'

/** Settings of a batch, apart from its message. */
export interface BatchSettings {
  /** Names the batch, so that a batch that stopped can continue with the same message and recipients. A string of 1 to 255 printable characters. Default: none, then it cannot continue. */
  readonly key?: string | undefined
  /** How many messages are sent at the same time, 1 to 100. Default: 1. */
  readonly concurrency?: number | undefined
  /** How many recipients one message has at most, 1 to 1,000. Default: 1,000. */
  readonly maxRecipients?: number | undefined
  /** How large the recipient variables of one message can be, in bytes, as JSON before folding: 1,000 to 1,000,000. Default: 100,000. */
  readonly maxBytes?: number | undefined
  /**
   * Called for every recipient, one call at a time. The batch waits for each call. `soFar` includes the report. If it
   * throws, the batch stops. Default: none.
   */
  readonly onReport?:
    | ((report: BatchReport, soFar: BatchSummary) => Promise<void> | void)
    | undefined
  /** Stops the batch and ends the messages that are being sent. Default: none. */
  readonly signal?: AbortSignal | undefined
}

interface NumberRow {
  readonly least: number
  readonly most: number
  readonly default: number
  /** Where the numbers are from. */
  readonly source: string
}

const numbers = {
  concurrency: { least: 1, most: 100, default: 1, source: 'one message carries up to 1,000 mails' },
  maxRecipients: {
    least: 1,
    most: maxRecipients,
    default: maxRecipients,
    source:
      'manual, "Batch sending"; accounts on probation have less (mailgun-php issue 787, 2021)',
  },
  maxBytes: {
    least: 1_000,
    most: 1_000_000,
    default: 100_000,
    source:
      'no page of Mailgun names a limit; its support named 16 KB once (mailgun-php issue 768, 2021), ' +
      'variables were lost above 500 recipients (issue 374, 2017), and others send 1,000 with several variables each',
  },
} as const satisfies Readonly<Record<string, NumberRow>>

/** Settings, checked and complete. */
export interface ResolvedBatchSettings {
  readonly key: string | undefined
  readonly concurrency: number
  readonly limits: ChunkLimits
  readonly onReport: BatchSettings['onReport']
  readonly signal: AbortSignal | undefined
}

/** @throws {InvalidOptionError} naming the setting. */
export function resolveSettings(settings: BatchSettings): ResolvedBatchSettings {
  const { key, onReport, signal } = settings
  if (Reflect.get(settings, 'idempotencyKey') !== undefined) {
    throw new InvalidOptionError('idempotencyKey', 'is made for each message of a batch: give key')
  }
  if (key !== undefined) checkBatchKey(key)
  if (onReport !== undefined && typeof onReport !== 'function') {
    throw new InvalidOptionError('onReport', 'must be a function')
  }
  // Not instanceof: a test runner's realm has an AbortSignal of its own.
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new InvalidOptionError('signal', 'must be an AbortSignal')
  }
  return {
    key,
    onReport,
    signal,
    concurrency: readNumber(settings, 'concurrency'),
    limits: {
      maxRecipients: readNumber(settings, 'maxRecipients'),
      maxBytes: readNumber(settings, 'maxBytes'),
    },
  }
}

function checkBatchKey(key: unknown): void {
  try {
    checkKey(key)
  } catch (error) {
    throw error instanceof InvalidOptionError ? new InvalidOptionError('key', error.rule) : error
  }
}

function readNumber(settings: BatchSettings, name: keyof typeof numbers): number {
  const { least, most, default: usual } = numbers[name]
  const value: unknown = settings[name] ?? usual
  if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
    throw new InvalidOptionError(name, `must be a whole number from ${least} to ${most}`)
  }
  return Number(value)
}
