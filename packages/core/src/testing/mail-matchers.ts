import type { MailgunOptionName } from '../options/options.ts'
import { decodeText } from './decode-text.ts'
import { describeMail, quoted } from './description.ts'
import type { MailMatchers, MatcherOf, MatcherResult } from './expectations.ts'
import { contains, fits } from './fit.ts'
import { linksIn } from './links.ts'
import { mailIn, submissionOf, type CapturedMail, type MailBody } from './mail.ts'

/** One expectation's answer: whether it holds, what it says after "Expected the mail to …", what it looked at. */
interface Finding {
  readonly pass: boolean
  readonly wanted: string
  /** The options it is about, marked in the description. */
  readonly about?: readonly MailgunOptionName[] | undefined
  /** What else it is about, shown and marked. */
  readonly shown?: Readonly<Record<string, unknown>> | undefined
}

function result(
  mail: CapturedMail,
  { pass, wanted, about = [], shown = {} }: Finding,
): MatcherResult {
  return {
    pass,
    message: () => {
      const marked = [...about, ...Object.keys(shown)]
      const marks = new Map(marked.map((name) => [name, undefined]))
      return `Expected the mail ${pass ? 'not ' : ''}to ${wanted}.\n\n${describeMail(mail, marks, shown)}`
    },
  }
}

async function bodyResult(
  received: unknown,
  asker: string,
  find: (body: MailBody) => Finding,
): Promise<MatcherResult> {
  const mail = mailIn(received, asker)
  return result(mail, find(await mail.load()))
}

/** The expectations of one mail. */
export const mailMatchers: {
  readonly [
    Name in Exclude<
      keyof MailMatchers,
      'toHaveReceived' | 'toHaveReceivedTimes' | 'toHaveReceivedNothing' | 'toReceive'
    >
  ]: MatcherOf<Name>
} = {
  toHaveTag(received, tag) {
    const mail = mailIn(received, 'toHaveTag')
    const tags = submissionOf(mail).options.tags ?? []
    return result(mail, {
      pass: tags.some((each) => each.toLowerCase() === tag.toLowerCase()),
      wanted: `have the tag '${tag}'`,
      about: ['tags'],
    })
  },

  toHaveVariables(received, variables) {
    const mail = mailIn(received, 'toHaveVariables')
    return result(mail, {
      pass: fits(submissionOf(mail).options.variables ?? {}, variables),
      wanted: `have the variables ${quoted(variables)}`,
      about: ['variables'],
    })
  },

  toHaveRecipientVariables(received, variables) {
    const mail = mailIn(received, 'toHaveRecipientVariables')
    return result(mail, {
      pass: fits(submissionOf(mail).options.recipientVariables ?? {}, variables),
      wanted: `have the recipient variables ${quoted(variables)}`,
      about: ['recipientVariables'],
    })
  },

  toBeScheduledFor(received, moment, tolerance = 1_000) {
    const mail = mailIn(received, 'toBeScheduledFor')
    const wanted = new Date(moment).getTime()
    if (Number.isNaN(wanted))
      throw new TypeError('toBeScheduledFor takes a Date or an RFC 3339 string.')
    const { deliverBy } = submissionOf(mail).options
    const planned = mail.scheduledFor ?? deliverBy
    const found = planned == null ? Number.NaN : new Date(planned).getTime()
    return result(mail, {
      pass: Math.abs(found - wanted) <= tolerance,
      wanted: `be scheduled for ${new Date(wanted).toISOString()}, give or take ${tolerance} ms`,
      about: ['deliverBy'],
      shown: mail.scheduledFor && { scheduledFor: mail.scheduledFor.toISOString() },
    })
  },

  toBeTestMode(received) {
    const mail = mailIn(received, 'toBeTestMode')
    return result(mail, {
      pass: submissionOf(mail).options.dropMessage === true,
      wanted: 'be in test mode',
      about: ['dropMessage'],
    })
  },

  toHaveTracking(received, tracking) {
    const mail = mailIn(received, 'toHaveTracking')
    const { track, trackOpens, trackClicks } = submissionOf(mail).options
    const found = { opens: trackOpens ?? track, clicks: trackClicks ?? track }
    const expected =
      typeof tracking === 'boolean' ? { opens: tracking, clicks: tracking } : defined(tracking)
    return result(mail, {
      pass: fits(found, expected),
      wanted: `have the tracking ${quoted(expected)}`,
      about: ['track', 'trackOpens', 'trackClicks'],
    })
  },

  toRequireTls(received) {
    const mail = mailIn(received, 'toRequireTls')
    return result(mail, {
      pass: submissionOf(mail).options.requireTls === true,
      wanted: 'require TLS from Mailgun on',
      about: ['requireTls'],
    })
  },

  toHaveHeader(received, name, value) {
    const mail = mailIn(received, 'toHaveHeader')
    const values = mail.headers
      .filter(([each]) => each.toLowerCase() === name.toLowerCase())
      .map(([, each]) => each)
    return result(mail, {
      pass:
        value === undefined
          ? values.length > 0
          : values.some((each) => fits(each, value) || fits(decodeText(each), value)),
      wanted: `have the header ${name}${value === undefined ? '' : ` with ${quoted(value)}`}`,
      shown:
        values.length > 0
          ? { [name]: values.join('\n') }
          : { headers: mail.headers.map(([each]) => each).join(', ') },
    })
  },

  toHaveTextContaining(received, text) {
    return bodyResult(received, 'toHaveTextContaining', (body) => ({
      pass: contains(body.text, text),
      wanted: `have a text containing ${quoted(text)}`,
      shown: { text: body.text },
    }))
  },

  toHaveHtmlContaining(received, text) {
    return bodyResult(received, 'toHaveHtmlContaining', ({ html }) => ({
      pass: html !== undefined && contains(html, text),
      wanted: `have HTML containing ${quoted(text)}`,
      shown: { html },
    }))
  },

  toHaveLink(received, link) {
    return bodyResult(received, 'toHaveLink', (body) => {
      const links = body.links ?? linksIn(body.text, body.html)
      return {
        pass: links.some((each) => fits(each, link)),
        wanted: `have the link ${quoted(link)}`,
        shown: { links: links.join('\n') || 'none' },
      }
    })
  },

  toHaveAttachment(received, attachment) {
    const expected =
      typeof attachment === 'string' || attachment instanceof RegExp
        ? { filename: attachment }
        : defined(attachment)
    return bodyResult(received, 'toHaveAttachment', ({ attachments }) => ({
      pass: attachments.some((each) => fits(each, expected)),
      wanted: `have the attachment ${quoted(expected)}`,
      shown: {
        attachments:
          attachments
            .map(
              ({ filename, contentType, size }) =>
                `${filename ?? 'no name'}, ${contentType}, ${size} bytes`,
            )
            .join('\n') || 'none',
      },
    }))
  },

  toHaveNoUnreplacedVariables(received) {
    const mail = mailIn(received, 'toHaveNoUnreplacedVariables')
    return result(mail, {
      pass: mail.unreplaced.length === 0,
      wanted: 'have no unreplaced variables',
      about: ['recipientVariables'],
      shown: { unreplaced: mail.unreplaced.join(', ') || 'none' },
    })
  },

  toHaveNoDiagnostics(received) {
    const mail = mailIn(received, 'toHaveNoDiagnostics')
    const diagnostics = submissionOf(mail).diagnostics ?? []
    return result(mail, {
      pass: diagnostics.length === 0,
      wanted: 'have no diagnostics',
      shown: {
        diagnostics:
          diagnostics
            .map(
              ({ code, path, message }) =>
                `${code}: ${path === undefined ? '' : `${path}: `}${message}`,
            )
            .join('\n') || 'none',
      },
    })
  },
}

/** Without the keys whose value is undefined: those may be anything. */
function defined(expected: object): object {
  return Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined))
}
