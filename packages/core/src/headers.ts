export { escapeRecipientVariables } from './options/escape.ts'
export {
  buildHeaders,
  mailgunHeaders,
  parseHeaders,
  type HeaderProblem,
  type MailgunHeader,
  type PreparedHeader,
} from './options/header-fields.ts'
export { lint, type LintCode, type LintableMessage, type LintWarning } from './options/lint.ts'
export { mergeOptions } from './options/merge.ts'
export {
  InvalidOptionError,
  MailgunError,
  type InvalidOptionCode,
  type MailgunErrorCode,
} from './outcome/errors.ts'
export type {
  Hours,
  HoursAndMinutes,
  Json,
  JsonObject,
  MailgunOptionName,
  MailgunOptions,
  RecipientVariables,
} from './options/options.ts'
