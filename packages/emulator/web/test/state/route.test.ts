import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute, type Route } from '../../state/route.ts'

describe('routes', () => {
  it.each<Route>([
    { page: 'list' },
    { page: 'faults' },
    { page: 'submission', id: 's1', tab: 'preview' },
    { page: 'submission', id: 'a/b?c#d %', tab: 'mailgun' },
    { page: 'message', id: 'm1', tab: 'preview' },
    { page: 'message', id: 'm1', tab: 'source' },
    { page: 'message-id', messageId: '<a/b+c@mg.example.com>' },
  ])('reads back what it wrote: %o', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route)
  })

  it('writes the addresses that others link to', () => {
    expect(formatRoute({ page: 'list' })).toBe('#/')
    expect(formatRoute({ page: 'submission', id: 's1', tab: 'preview' })).toBe('#/submissions/s1')
    expect(formatRoute({ page: 'submission', id: 's1', tab: 'headers' })).toBe(
      '#/submissions/s1/headers',
    )
    expect(formatRoute({ page: 'message', id: 'm1', tab: 'preview' })).toBe('#/messages/m1')
    expect(formatRoute({ page: 'message-id', messageId: '<a@b>' })).toBe('#/message-id/%3Ca%40b%3E')
  })

  it('takes a Message-ID with or without its brackets', () => {
    const route = { page: 'message-id', messageId: '<a@b>' }

    expect(parseRoute('#/message-id/a@b')).toEqual(route)
    expect(parseRoute('#/message-id/<a@b>')).toEqual(route)
  })

  it('shows the preview for a tab it does not know', () => {
    expect(parseRoute('#/submissions/s1/nonsense')).toMatchObject({ id: 's1', tab: 'preview' })
  })

  it.each([
    '',
    '#',
    '#/',
    '#/nowhere',
    '#/nowhere/s1',
    '#/submissions',
    '#/submissions/',
    '#/submissions/%E0%A4%A',
  ])('shows the list for %j', (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'list' })
  })
})
