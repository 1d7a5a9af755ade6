import { headerEntries } from './header-entries.ts'
import { invalid } from './invalid-message.ts'

/** Where the method of a calendar is: among its first properties (RFC 5545 §3.7.2). */
const headLength = 65_536

const methodLine = /^METHOD(?:;[^:\r\n]{0,200})?:[ \t]*([A-Za-z-]{1,40})[ \t]*\r?$/im

/**
 * An iCalendar event whose `method` is the one its content says: a mail reader goes by the content type, a calendar by
 * the content. Its headers become a list: into an object, which its two parts share, nodemailer writes that the
 * attachment is one, and the alternative would be, too.
 *
 * @throws {InvalidOptionError} if the two differ.
 */
export function withMethod(event: unknown, path: string): unknown {
  const content = textOf(event) ?? textOf(Reflect.get(Object(event), 'content'))
  const found = content === undefined ? undefined : methodLine.exec(content)?.[1]?.toUpperCase()
  const isObject = typeof event === 'object' && event !== null && !isBytesOrStream(event)
  if (!isObject) return found === undefined ? event : { content: event, method: found }
  const given: unknown = Reflect.get(event, 'method')
  if (typeof given === 'string' && found !== undefined && given.trim().toUpperCase() !== found) {
    throw invalid(`${path}.method`, 'must be the METHOD that its content has')
  }
  if (found !== undefined) Reflect.set(event, 'method', found)
  const headers: unknown = Reflect.get(event, 'headers')
  if (typeof headers === 'object' && headers !== null) {
    Reflect.set(event, 'headers', headerEntries(headers, `${path}.headers`))
  }
  return event
}

function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content.slice(0, headLength)
  if (content instanceof Uint8Array) {
    return new TextDecoder().decode(content.subarray(0, headLength))
  }
  return undefined
}

function isBytesOrStream(value: object): boolean {
  return ArrayBuffer.isView(value) || typeof Reflect.get(value, 'pipe') === 'function'
}
