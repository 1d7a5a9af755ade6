import type { JSX } from 'preact'
import type { SessionDetail } from '../../src/http/answers.ts'
import { getSession } from '../api/api.ts'
import { Failure } from '../elements/failure.tsx'
import { Loading } from '../elements/loading.tsx'
import { useResource } from '../state/use-resource.ts'

/** The session that brought a message, line by line. */
export function TranscriptPanel({ sessionId }: { readonly sessionId: string }): JSX.Element {
  const session = useResource(sessionId, getSession)
  if (session.state === 'loading') return <Loading />
  if (session.state === 'failed') return <Failure failure={session} what="this session" />
  return <Transcript session={session.value} />
}

const names = { client: 'C', server: 'S', emulator: '·' } as const

function Transcript({ session }: { readonly session: SessionDetail }): JSX.Element {
  const { lines, omitted, tls = 'no TLS', user = 'no login' } = session
  return (
    <>
      <p class="panel-note">
        Session {session.id}, {tls}, {user}. Times are in milliseconds since it opened. Passwords
        and the bodies of messages are left out.
        {omitted > 0 && ` ${omitted} lines in the middle are no longer kept.`}
      </p>
      <table class="transcript">
        <tbody>
          {lines.map(({ at, from, text, pipelined }, index) => (
            <tr key={index} class={`transcript-${from}`}>
              <td>{at.toFixed(1)}</td>
              <td title={from}>{names[from]}</td>
              <td>
                {text}
                {pipelined && (
                  <span class="chip" title="Sent before the answer to the line before had come">
                    pipelined
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
