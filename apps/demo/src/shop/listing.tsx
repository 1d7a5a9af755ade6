import type { ReactElement } from 'react'
import { readSource, tokenize } from './source.ts'

/** A source file on the disk. */
export interface Listing {
  readonly file: string
  readonly source: string
}

/** Reads the files that a page shows. They are read for each page, so what is shown is what runs. */
export async function readListings(files: readonly string[]): Promise<Listing[]> {
  return await Promise.all(files.map(async (file) => ({ file, source: await readSource(file) })))
}

/** The code that sends the mail, and below it, folded, the code that it uses. */
export function Listings({ listings }: { readonly listings: readonly Listing[] }): ReactElement {
  return (
    <section className="listings" aria-labelledby="listings">
      <h2 id="listings">The code that sends it</h2>
      {listings.map(({ file, source }, index) => (
        <details key={file} className="listing" open={index === 0}>
          <summary>{file}</summary>
          {/* A scrolling area needs the focus to be scrolled with the keyboard. */}
          <pre tabIndex={0} aria-label={`Source of ${file}`}>
            <code>{/\.tsx?$/.test(file) ? <Tokens source={source} /> : source}</code>
          </pre>
        </details>
      ))}
      <p className="fine">Read from these files as this page was made.</p>
    </section>
  )
}

function Tokens({ source }: { readonly source: string }): ReactElement {
  return (
    <>
      {tokenize(source).map(({ kind, text }, index) =>
        kind === 'plain' ? (
          text
        ) : (
          <span key={index} className={kind}>
            {text}
          </span>
        ),
      )}
    </>
  )
}
