import { describe, expect, it } from 'vitest'
import { search } from '../../inbox/search.ts'
import { submission } from '../examples/submission.ts'

const welcome = submission({ id: 'welcome', subject: 'Welcome, Ada', tags: ['onboarding'] })
const receipt = submission({
  id: 'receipt',
  subject: 'Your receipt to: keep',
  envelope: { from: 'bounce@mg.example.com', to: ['Grace@Example.com'] },
  to: 'Grace Hopper <grace@example.com>',
  tags: ['orders', 'Receipt'],
  testMode: true,
  problems: 1,
})
const news = submission({
  id: 'news',
  subject: '%recipient.name%, new lamps',
  to: '%recipient%',
  envelope: { from: 'news@mg.example.com', to: ['a@example.com', 'zoe@example.org'] },
  copies: 2,
  deliverBy: '2026-11-23T10:00:00.000Z',
})
const all = [welcome, receipt, news]

function found(query: string): string[] {
  return search(all, query).map(({ id }) => id)
}

describe('search', () => {
  it('keeps the very list when nothing is asked', () => {
    expect(search(all, '')).toBe(all)
    expect(search(all, '   ')).toBe(all)
  })

  it('finds a text in any letter case, in subject, sender, recipients, tags and Message-ID', () => {
    expect(found('WELCOME,')).toEqual(['welcome'])
    expect(found('news@mg')).toEqual(['news'])
    expect(found('zoe')).toEqual(['news'])
    expect(found('onboard')).toEqual(['welcome'])
    expect(search([submission({ messageId: '<x1@y>' })], '<X1@y>')).toHaveLength(1)
  })

  it('demands every word', () => {
    expect(found('receipt grace')).toEqual(['receipt'])
    expect(found('receipt ada')).toEqual([])
  })

  it('looks for to: among all recipients of a batch and nowhere else', () => {
    expect(found('to:zoe')).toEqual(['news'])
    expect(found('to:GRACE')).toEqual(['receipt'])
    expect(found('to:bounce')).toEqual([])
  })

  it('looks for tag: among the tags alone', () => {
    expect(found('tag:receipt')).toEqual(['receipt'])
    expect(found('tag:welcome')).toEqual([])
  })

  it('looks for from: and subject: where they say', () => {
    expect(found('from:news@')).toEqual(['news'])
    expect(found('subject:receipt')).toEqual(['receipt'])
  })

  it('tells batches, scheduled mail, test mode and problems apart', () => {
    expect(found('is:batch')).toEqual(['news'])
    expect(found('is:scheduled')).toEqual(['news'])
    expect(found('is:test')).toEqual(['receipt'])
    expect(found('is:problem')).toEqual(['receipt'])
    expect(found('is:nonsense')).toEqual([])
  })

  it('holds quoted words together, also while the closing quote is missing', () => {
    expect(found('"receipt to: keep"')).toEqual(['receipt'])
    expect(found('subject:"new lamps"')).toEqual(['news'])
    expect(found('"keep receipt"')).toEqual([])
    expect(found('"new la')).toEqual(['news'])
  })

  it('takes a field with nothing after it as not yet typed', () => {
    expect(found('to:')).toEqual(['welcome', 'receipt', 'news'])
  })

  it('takes an unknown field as text', () => {
    expect(found('x:y')).toEqual([])
    expect(search([submission({ subject: 'Re: order' })], 're:')).toHaveLength(1)
  })

  it('takes signs of regular expressions as they are', () => {
    expect(found('%recipient.name%')).toEqual(['news'])
    expect(found('.*')).toEqual([])
  })
})
