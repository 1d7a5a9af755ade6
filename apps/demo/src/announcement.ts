import { allFlows } from './shop/flows.ts'
import type { Places } from './shop/places.ts'

/** The addresses, once all of them answer. */
export function announce(places: Places): string {
  const rows = [
    ['Shop', `${places.shop}/`],
    places.inbox ? ['Inbox', `${places.inbox}/`] : ['Mailgun', 'real mail leaves this machine'],
    ['SMTP', `${places.smtp}, as ${places.domain}`],
    ['', ''],
    ...allFlows.map((flow) => [flow.name, `${flow.href(places)}  ${flow.framework}`]),
  ]
  const lines = rows.map(([label = '', value = '']) => `  ${label.padEnd(12)}${value}`.trimEnd())
  return ['', 'Deckle is open.', '', ...lines, '', 'Ctrl-C closes it.', ''].join('\n')
}
