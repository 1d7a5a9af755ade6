import type { BatchError } from '../batch/batch-error.ts'
import type { ConfigError, DeliveryError, InvalidOptionError } from '../outcome/errors.ts'

/** Any error that a mailer throws. A `switch` on its `code` narrows it to the class. */
export type AnyMailgunError = ConfigError | InvalidOptionError | DeliveryError | BatchError
