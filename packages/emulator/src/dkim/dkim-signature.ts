import { createHash, sign } from 'node:crypto'
import type { MailgunOptions } from '@mailgun-smtp/core/headers'
import { relaxedBody, relaxedField } from './dkim-canonicalisation.ts'
import { dkimKey, dkimSelector, isHostName } from './dkim-key.ts'
import { scanHeaders, type HeaderField } from '../mime/header-block.ts'

/** In whose name a copy is signed. */
export interface DkimSigner {
  readonly domain: string
  readonly selector: string
}

interface SignedHeader {
  readonly header: string
  /** Signed once more than it is there: one that is added later breaks the signature. */
  readonly isClosed: boolean
  readonly source: string
}

const core = 'RFC 6376 section 5.4.1'
const shown = "RFC 6376 section 8.15: what a reader would take for the author's must not be added"

/** What a signature covers, one row each. */
export const signedHeaders: readonly SignedHeader[] = [
  { header: 'From', isClosed: true, source: 'RFC 6376 section 5.4: must be signed' },
  { header: 'Sender', isClosed: true, source: shown },
  { header: 'Reply-To', isClosed: true, source: shown },
  { header: 'To', isClosed: true, source: shown },
  { header: 'Cc', isClosed: true, source: shown },
  { header: 'Subject', isClosed: true, source: shown },
  { header: 'Date', isClosed: true, source: shown },
  { header: 'Message-Id', isClosed: true, source: core },
  { header: 'MIME-Version', isClosed: true, source: core },
  {
    header: 'Content-Type',
    isClosed: true,
    source: 'RFC 6376 section 8.2: it decides what is read',
  },
  { header: 'Content-Transfer-Encoding', isClosed: true, source: core },
  { header: 'In-Reply-To', isClosed: false, source: core },
  { header: 'References', isClosed: false, source: core },
  { header: 'List-Unsubscribe', isClosed: false, source: 'RFC 8058 section 4: must be signed' },
  {
    header: 'List-Unsubscribe-Post',
    isClosed: false,
    source: 'RFC 8058 section 4: must be signed',
  },
]

/**
 * Who signs a message: its login's domain, and the second key that it names.
 *
 * That `dkim: false` turns off both is inferred: Mailgun's manual writes "signatures". The emulator has every second
 * key, where Mailgun wants it made and active.
 *
 * @param isOn the domain's setting.
 */
export function signersOf(
  { domain, options }: { readonly domain: string; readonly options: MailgunOptions },
  isOn: boolean,
): readonly DkimSigner[] {
  if (!(options.dkim ?? isOn)) return []
  const { secondaryDkim, secondaryDkimPublic } = options
  const second = secondaryDkim == null ? undefined : (secondaryDkimPublic ?? secondaryDkim)
  const [secondDomain = '', secondSelector = ''] = second?.split(/[/,]/) ?? []
  return [
    { domain, selector: dkimSelector },
    { domain: secondDomain.toLowerCase(), selector: secondSelector },
  ].filter((signer) => isHostName(signer.domain) && isHostName(signer.selector))
}

/** The values of a message's DKIM-Signature headers (RFC 6376: rsa-sha256, relaxed/relaxed), unfolded. */
export function dkimSignatures(
  source: Buffer,
  signers: readonly DkimSigner[],
  signedAt: Date,
): readonly string[] {
  if (signers.length === 0) return []
  const { fields, bodyStart } = scanHeaders(source)
  const bodyHash = createHash('sha256')
    .update(relaxedBody(source.subarray(bodyStart)))
    .digest('base64')
  const { names, text } = signedFields(source, fields)
  const time = Math.floor(signedAt.getTime() / 1_000)
  return signers.map(({ domain, selector }) => {
    const unsigned = `a=rsa-sha256; v=1; c=relaxed/relaxed; d=${domain}; q=dns/txt; s=${selector}; t=${time}; h=${names.join(': ')}; bh=${bodyHash}; b=`
    const signedText = text + relaxedField(`DKIM-Signature: ${unsigned}`)
    const signature = sign('sha256', Buffer.from(signedText, 'latin1'), dkimKey())
    // White space in it has no meaning, and lets the header be folded.
    return unsigned + (signature.toString('base64').match(/.{1,64}/g) ?? []).join(' ')
  })
}

/** The names for `h=`, and the fields under them; of several of one name the last comes first. */
function signedFields(
  source: Buffer,
  fields: readonly HeaderField[],
): { readonly names: readonly string[]; readonly text: string } {
  const names: string[] = []
  let text = ''
  for (const { header, isClosed } of signedHeaders) {
    const own = fields.filter(({ name }) => name.toLowerCase() === header.toLowerCase())
    for (const { start, end } of own.toReversed()) {
      names.push(header)
      text += `${relaxedField(source.toString('latin1', start, end))}\r\n`
    }
    if (isClosed) names.push(header)
  }
  return { names, text }
}
