export const tabs = [
  'preview',
  'text',
  'source',
  'mailgun',
  'recipients',
  'difference',
  'headers',
  'parts',
  'session',
] as const

export type Tab = (typeof tabs)[number]

/** What the address after `#` names. */
export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'faults' }
  | { readonly page: 'submission'; readonly id: string; readonly tab: Tab }
  | { readonly page: 'message'; readonly id: string; readonly tab: Tab }
  | { readonly page: 'message-id'; readonly messageId: string }

const list: Route = { page: 'list' }

/** Reads `location.hash`; an address that names nothing is the list. */
export function parseRoute(hash: string): Route {
  const [page, id, tab] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decoded)
  if (page === 'faults') return { page }
  if (!id) return list

  if (page === 'submissions') return { page: 'submission', id, tab: knownTab(tab) }
  if (page === 'messages') return { page: 'message', id, tab: knownTab(tab) }
  if (page === 'message-id') return { page: 'message-id', messageId: bracketed(id) }
  return list
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'list':
      return '#/'
    case 'faults':
      return '#/faults'
    case 'submission':
      return `#/submissions/${encodeURIComponent(route.id)}${tabPath(route.tab)}`
    case 'message':
      return `#/messages/${encodeURIComponent(route.id)}${tabPath(route.tab)}`
    case 'message-id':
      return `#/message-id/${encodeURIComponent(route.messageId)}`
  }
}

/** Goes to a route; `replace` leaves no step for the browser's Back button. */
export function navigate(route: Route, how: 'push' | 'replace' = 'push'): void {
  if (how === 'replace') location.replace(formatRoute(route))
  else location.hash = formatRoute(route)
}

function tabPath(tab: Tab): string {
  return tab === 'preview' ? '' : `/${tab}`
}

function knownTab(name: string | undefined): Tab {
  return tabs.find((tab) => tab === name) ?? 'preview'
}

function bracketed(messageId: string): string {
  return messageId.startsWith('<') ? messageId : `<${messageId}>`
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
