import type { JSX } from 'preact'
import type { MimePartSummary } from '../../src/http/answers.ts'
import { getMime, sectionHtmlUrl, sectionUrl } from '../api/api.ts'
import { Failure } from '../elements/failure.tsx'
import { Loading } from '../elements/loading.tsx'
import { useResource } from '../state/use-resource.ts'
import { byteSize } from '../words/byte-size.ts'

/** What a copy consists of, part by part. */
export function Parts({ copyId }: { readonly copyId: string }): JSX.Element {
  const tree = useResource(copyId, getMime)
  if (tree.state === 'loading') return <Loading />
  if (tree.state === 'failed') return <Failure failure={tree} what="the parts of this copy" />
  return (
    <ul class="parts">
      <Part copyId={copyId} part={tree.value} />
    </ul>
  )
}

interface PartProps {
  readonly copyId: string
  readonly part: MimePartSummary
}

function Part({ copyId, part }: PartProps): JSX.Element {
  const { section, contentType, filename, parts } = part
  const isOpen = contentType.startsWith('multipart/')
  const isPage = contentType === 'message/rfc822' || contentType === 'text/html'
  return (
    <li>
      <div class="part">
        <span class="part-number">{section || 'mail'}</span>
        <code>{contentType}</code>
        {filename !== null && <bdi class="part-name">{filename}</bdi>}
        <span class="part-facts">{factsOf(part)}</span>
        {section !== '' && !isOpen && (
          <span class="part-links">
            {isPage && <NewTab href={sectionHtmlUrl(copyId, section)}>Open</NewTab>}
            <NewTab href={sectionUrl(copyId, section)}>{isPage ? 'Source' : 'Content'}</NewTab>
          </span>
        )}
      </div>
      {parts.length > 0 && (
        <ul>
          {parts.map((inner) => (
            <Part key={inner.section} copyId={copyId} part={inner} />
          ))}
        </ul>
      )}
    </li>
  )
}

function NewTab({
  href,
  children,
}: {
  readonly href: string
  readonly children: string
}): JSX.Element {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}

function factsOf({ charset, encoding, disposition, size }: MimePartSummary): string {
  return [charset, encoding, disposition, byteSize(size)].filter((fact) => fact !== null).join(', ')
}
