/** An emulator in another process, for browser tests and programs: by `fetch` alone, without any module of Node. */
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
  AttachedMailSummary,
  AttachmentSummary,
  CopyDetail,
  CopySummary,
  EmulatorSummary,
  FaultEntry,
  FaultSelection,
  FaultSummary,
  LedgerSummary,
  MessageDetail,
  MessageSummary,
  MimePartSummary,
  OptionSummary,
  SessionDetail,
  SessionSummary,
  SubmissionDetail,
  SubmissionSummary,
} from '../http/answers.ts'
