import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { SendMailOptions } from 'nodemailer'
import { isBlob } from './content.ts'
import { invalid } from './invalid-message.ts'
import { partsOf } from './parts.ts'

const bodies = ['text', 'html', 'watchHtml', 'amp', 'icalEvent'] as const

/**
 * Reads what takes a promise: each Blob becomes bytes, and each file that is to be read is looked for, so that a
 * missing one is named before a connection is opened. It changes the parts of the message, which must be its own.
 *
 * @returns Nothing to wait for, for nearly every message.
 * @throws {InvalidOptionError} naming the part.
 */
export function readLateContent(message: SendMailOptions): Promise<void> | undefined {
  const work: Promise<void>[] = []
  for (const field of bodies) {
    const body: unknown = message[field]
    if (isBlob(body)) work.push(readBlob(body, message, field, field))
  }
  for (const { part, path } of partsOf(message)) {
    const content: unknown = Reflect.get(part, 'content')
    if (isBlob(content)) work.push(readBlob(content, part, 'content', `${path}.content`))
    const file: unknown = Reflect.get(part, 'path')
    if (typeof file === 'string' && !/^(?:data|https?):/i.test(file)) {
      work.push(lookFor(file, `${path}.path`))
    }
  }
  return work.length > 0 ? Promise.all(work).then(() => undefined) : undefined
}

async function readBlob(blob: Blob, holder: object, field: string, path: string): Promise<void> {
  let bytes: ArrayBuffer
  try {
    bytes = await blob.arrayBuffer()
  } catch {
    throw invalid(path, 'cannot be read')
  }
  Reflect.set(holder, field, Buffer.from(bytes))
}

async function lookFor(file: string, path: string): Promise<void> {
  try {
    await access(file, constants.R_OK)
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code')
    throw invalid(
      path,
      `names a file that cannot be read${typeof code === 'string' ? ` (${code})` : ''}`,
    )
  }
}
