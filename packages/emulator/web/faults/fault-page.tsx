import type { JSX } from 'preact'
import { selectionWords, faultWords } from './form-state.ts'
import { formatRoute } from '../state/route.ts'
import { useFaults } from './use-faults.ts'
import { FaultForm } from './fault-form.tsx'
import { Icon } from '../elements/icon.tsx'

/** The faults that are injected: a list, and a form for more. */
export function FaultPage({ mails }: { readonly mails: number }): JSX.Element {
  const { faults, refusal, add, clear } = useFaults(mails)

  return (
    <section class="fault-page">
      <a class="button button-quiet message-back" href={formatRoute({ page: 'list' })}>
        <Icon name="back" />
        Inbox
      </a>
      <h1>Faults</h1>
      <p class="connect-lead">
        A fault makes the emulator fail at one stage of a session. If several could happen at the
        same moment, only the first does.
      </p>
      <FaultForm onAdd={add} />
      {refusal !== undefined && (
        <p class="fault-refusal" role="alert">
          {refusal}
        </p>
      )}
      {faults.length === 0 ? (
        <p class="panel-note">No fault is injected, or all of them have happened.</p>
      ) : (
        <>
          <table class="options">
            <thead>
              <tr>
                <th scope="col">Fault</th>
                <th scope="col">Happens</th>
                <th scope="col">So far</th>
              </tr>
            </thead>
            <tbody>
              {faults.map(({ fault, select, fired }, index) => (
                <tr key={index}>
                  <td>
                    <code>{faultWords(fault)}</code>
                  </td>
                  <td>{selectionWords(select)}</td>
                  <td>{fired}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <button type="button" class="button" onClick={clear}>
            <Icon name="trash" />
            Remove all
          </button>
        </>
      )}
    </section>
  )
}
