/** An emulator in another process, for browser tests and programmes: by `fetch` alone, with no module of Node's. */
export { EmulatorRequestError } from './api.ts'
export {
  createEmulatorClient,
  type ClientClock,
  type ClientFaults,
  type ClientNoneSettings,
  type ClientWaitSettings,
  type EmulatorClient,
} from './emulator-client.ts'
export type { ClientFilter } from './message-query.ts'
export type {
  AttachmentSummary,
  CopySummary,
  EmulatorSummary,
  FaultEntry,
  FaultSelection,
  FaultSummary,
  LedgerSummary,
  MessageDetail,
  MessageSummary,
  OptionSummary,
  SessionDetail,
  SessionSummary,
  SubmissionDetail,
  SubmissionSummary,
} from '../http/answers.ts'
