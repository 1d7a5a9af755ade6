export { escapeRecipientVariables } from './batch/escape.ts'
export {
  buildHeaders,
  mailgunHeaders,
  parseHeaders,
  type HeaderProblem,
  type MailgunHeader,
  type PreparedHeader,
} from './header-fields.ts'
export { lint, type LintCode, type LintableMessage, type LintWarning } from './lint.ts'
export { mergeOptions } from './merge.ts'
export {
  InvalidOptionError,
  MailgunError,
  type InvalidOptionCode,
  type MailgunErrorCode,
} from './errors.ts'
export type {
  Hours,
  HoursAndMinutes,
  Json,
  JsonObject,
  MailgunOptionName,
  MailgunOptions,
  RecipientVariables,
} from './options.ts'
