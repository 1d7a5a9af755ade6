import type { SendMailOptions } from 'nodemailer'
import { invalid } from '../message/invalid-message.ts'
import type { DeliveryStatusRequest } from '../session/outgoing-message.ts'

const returns: Readonly<Record<string, 'FULL' | 'HDRS'>> = {
  FULL: 'FULL',
  BODY: 'FULL',
  HDRS: 'HDRS',
  HEADERS: 'HDRS',
}

const occasions = ['NEVER', 'SUCCESS', 'FAILURE', 'DELAY']

/**
 * Reads nodemailer's `dsn` into the parameters of RFC 3461 §4.
 *
 * @throws {InvalidOptionError} naming the field.
 */
export function statusRequest(dsn: SendMailOptions['dsn']): DeliveryStatusRequest | undefined {
  if (dsn === undefined || dsn === null || typeof dsn !== 'object') return undefined
  const [ret, envid, notify, orcpt] = [
    ['ret', 'return'],
    ['envid', 'id'],
    ['notify'],
    ['orcpt', 'recipient'],
  ].map((names) => names.map((name): unknown => Reflect.get(dsn, name)).find(Boolean))
  return {
    ret: ret === undefined ? undefined : readReturn(ret),
    envid: envid === undefined ? undefined : readWord(envid, 'dsn.id'),
    notify: notify === undefined ? undefined : readOccasions(notify),
    orcpt: orcpt === undefined ? undefined : readRecipient(orcpt),
  }
}

function readReturn(value: unknown): 'FULL' | 'HDRS' {
  const known = typeof value === 'string' ? returns[value.toUpperCase()] : undefined
  if (known === undefined) throw invalid('dsn.return', "must be 'headers' or 'full'")
  return known
}

function readOccasions(value: unknown): string {
  const given: unknown[] = typeof value === 'string' ? value.split(',') : [value].flat()
  const list = given.map((one) => (typeof one === 'string' ? one.trim().toUpperCase() : ''))
  if (
    !list.every((one) => occasions.includes(one)) ||
    (list.includes('NEVER') && list.length > 1)
  ) {
    throw invalid('dsn.notify', "must be 'never', or some of 'success', 'failure' and 'delay'")
  }
  return list.join(',')
}

function readRecipient(value: unknown): string {
  const word = readWord(value, 'dsn.recipient')
  return word.includes(';') ? word : `rfc822;${word}`
}

function readWord(value: unknown, path: string): string {
  if (typeof value !== 'string' || /[\r\n\0]/.test(value)) {
    throw invalid(path, 'must be a string without line breaks')
  }
  return value
}
