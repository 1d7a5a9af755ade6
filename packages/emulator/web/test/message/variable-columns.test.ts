import { expect, it } from 'vitest'
import type { JsonObject } from '@mailgun-smtp/core/headers'
import type { CopySummary } from '../../../src/http/answers.ts'
import { variableColumns } from '../../message/variable-columns.ts'

function copy(variables: JsonObject): CopySummary {
  return {
    id: 'c',
    submissionId: 's',
    from: 'a@b',
    scheduledFor: null,
    deliveredAt: null,
    tracking: { opens: false, clicks: false },
    recipient: 'a@b',
    to: 'a@b',
    subject: '',
    state: 'delivered',
    deliveryStatus: null,
    opens: [],
    clicks: [],
    variables,
    unreplaced: [],
  }
}

it('gives each variable of any recipient a column', () => {
  expect(variableColumns([copy({ name: 'Ada' }), copy({ city: 'Paris', name: 'Grace' })])).toEqual([
    'name',
    'city',
  ])
})

it('gives no columns when there are too many to read', () => {
  const many = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`v${n}`, n]))

  expect(variableColumns([copy(many)])).toEqual([])
})
