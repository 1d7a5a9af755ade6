import { ConfigError, DeliveryError, InvalidOptionError } from '@mailgun-smtp/core'
import { UnusableForm, type Notice, type Problems } from './form.ts'

/** What a page says after a failure, and the status it is answered with. */
export interface Apology {
  readonly status: number
  readonly problems?: Problems | undefined
  readonly notice?: Notice | undefined
  /** The program is at fault: the stack belongs into the terminal. */
  readonly defect?: true | undefined
}

const titles: Readonly<Record<DeliveryError['outcome'], string>> = {
  rejected: 'Mailgun refused this mail.',
  deferred: 'This mail was not sent.',
  unknown: 'Nobody knows whether this mail was sent.',
}

/** A failure in words for the person at the form: never a stack, never an address. */
export function apologise(error: unknown): Apology {
  if (error instanceof UnusableForm) return { status: 422, problems: error.problems }
  if (error instanceof InvalidOptionError) return { status: 422, ...pointOut(error) }
  if (error instanceof DeliveryError) {
    const { outcome, message, code } = error
    return {
      status: outcome === 'rejected' ? 422 : outcome === 'deferred' ? 503 : 502,
      notice: { title: titles[outcome], text: message, code },
    }
  }
  if (error instanceof ConfigError) {
    const { message, code } = error
    return { status: 500, notice: { title: 'This shop cannot send mail.', text: message, code } }
  }
  const status: unknown = Reflect.get(Object(error), 'status')
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, notice: { title: 'This form cannot be read.', text: 'It may be too large.' } }
  }
  return {
    status: 500,
    notice: {
      title: 'Something broke in the shop.',
      text: 'The terminal in which the demo runs says more.',
    },
    defect: true,
  }
}

/** Core names the field of the message; the person knows the field of the form. */
function pointOut({ path, rule, message, code }: InvalidOptionError): Omit<Apology, 'status'> {
  const listed = /^to\[(\d+)\]/.exec(path)
  if (listed) return { problems: { people: `Person ${Number(listed[1]) + 1} ${rule}.` } }
  if (path === 'to.address') return { problems: { email: `This ${rule}.` } }
  if (path === 'to.name') return { problems: { name: `This ${rule.replace(' in its name', '')}.` } }
  return { notice: { title: 'This mail was not sent.', text: `${message}.`, code } }
}
