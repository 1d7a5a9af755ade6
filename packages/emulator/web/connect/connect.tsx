import type { ComponentChildren, JSX } from 'preact'
import type { EmulatorSummary } from '../../src/http/answers.ts'
import { caUrl, getInfo } from '../api/api.ts'
import { connectionSnippet } from './connection-snippet.ts'
import { useResource } from '../state/use-resource.ts'
import { CopyButton } from '../elements/copy-button.tsx'
import { Failure } from '../elements/failure.tsx'

const load = (_key: string, signal: AbortSignal) => getInfo(signal)

/** How to send to this emulator; shown while no message is open. */
export function Connect({ hasMail }: { readonly hasMail: boolean }): JSX.Element {
  const info = useResource('info', load)

  return (
    <section class="connect">
      <div class={hasMail ? 'connect-card' : 'connect-card connect-first'}>
        <h1>{hasMail ? 'Pick a message, or send another' : 'Waiting for the first message'}</h1>
        <p class="connect-lead">
          Every message that is sent to this server appears here at once. None leaves this machine.
        </p>
        {info.state === 'ready' && <Settings info={info.value} />}
        {info.state === 'failed' && <Failure failure={info} what="the connection settings" />}
      </div>
      <Keys />
    </section>
  )
}

function Settings({ info }: { readonly info: EmulatorSummary }): JSX.Element {
  const { host, port, securePort, user } = info
  const snippet = connectionSnippet(info, new URL('.', document.baseURI).href.replace(/\/$/, ''))

  return (
    <>
      <dl class="settings">
        <Setting name="SMTP host" value={host} />
        <Setting name="Port" value={String(port)}>
          STARTTLS{securePort ? `, or ${securePort} for TLS from the start` : ''}
        </Setting>
        <Setting name="User" value={user} />
        <div>
          <dt>Password</dt>
          <dd class="settings-note">given by the program that started the emulator</dd>
        </div>
        <div>
          <dt>Certificate</dt>
          <dd>
            <a href={caUrl} download="ca.pem">
              ca.pem
            </a>
            <span class="settings-note">so that your program can check it</span>
          </dd>
        </div>
      </dl>
      <figure class="snippet">
        <figcaption>
          nodemailer
          <CopyButton text={snippet} what="the code" />
        </figcaption>
        <pre tabIndex={0}>{snippet}</pre>
      </figure>
    </>
  )
}

interface SettingProps {
  readonly name: string
  readonly value: string
  readonly children?: ComponentChildren
}

function Setting({ name, value, children }: SettingProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="settings-value">
          <code>{value}</code>
          <CopyButton text={value} what={name} />
        </span>
        {children !== undefined && <span class="settings-note">{children}</span>}
      </dd>
    </div>
  )
}

function Keys(): JSX.Element {
  return (
    <p class="keys">
      <span>
        <kbd>j</kbd> <kbd>k</kbd> walk
      </span>
      <span>
        <kbd>Enter</kbd> open
      </span>
      <span>
        <kbd>/</kbd> search
      </span>
      <span>
        <kbd>Esc</kbd> back
      </span>
    </p>
  )
}
