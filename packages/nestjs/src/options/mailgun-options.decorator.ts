import { buildHeaders, type MailgunOptions as Options } from '@mailgun-smtp/core'
import { scopeClass, scopeMethod, type OptionsLayer } from './scoped-methods.ts'

/** Mailgun's sending options of one message. The decorator has the same name. */
export type MailgunOptions = Options

/** How the options relate to those around the call. */
export interface MailgunOptionsSettings {
  /** Whether the options of the scope around, and a class's for its method, hold too. Default `true`. */
  readonly inherit?: boolean | undefined
}

/**
 * Gives its options to every mail sent while the method runs, or any method of the class, however deep,
 * unless the message says otherwise. A function gets the arguments of the call and its `this`.
 *
 * Guards, pipes and exception filters of Nest run outside the method.
 *
 * @throws {InvalidOptionError} if the options cannot be sent as meant.
 * @throws {TypeError} if it is used on anything but a method or a class.
 */
export function MailgunOptions<Arguments extends readonly unknown[]>(
  options: MailgunOptions | ((...args: Arguments) => MailgunOptions | undefined),
  settings: MailgunOptionsSettings = {},
): ClassDecorator & MethodDecorator {
  // Fails where the options are written, and not at the first mail.
  if (typeof options !== 'function') buildHeaders(options)
  const layer: OptionsLayer = { options, inherit: settings.inherit ?? true }

  return (target: object, name?: unknown, place?: unknown): void => {
    if (typeof name === 'object') {
      throw new TypeError(
        '@MailgunOptions() needs the decorators that Nest uses: set experimentalDecorators in tsconfig.json.',
      )
    }
    if (typeof target === 'function' && name === undefined && place === undefined) {
      scopeClass(target, layer)
    } else if (isMethod(place)) {
      place.value = scopeMethod(place.value, target, layer)
    } else {
      throw new TypeError(
        `@MailgunOptions() is used on ${describe(target, name, place)}; it works on methods and classes.`,
      )
    }
  }
}

function isMethod(place: unknown): place is { value: (...args: unknown[]) => unknown } {
  return (
    typeof place === 'object' &&
    place !== null &&
    'value' in place &&
    typeof place.value === 'function'
  )
}

function describe(target: object, name: unknown, place: unknown): string {
  const type = typeof target === 'function' ? target.name : target.constructor.name
  if (typeof place === 'number') return `a parameter of ${type}`
  const isAccessor =
    typeof place === 'object' && place !== null && ('get' in place || 'set' in place)
  return `${type}.${String(name)}, ${isAccessor ? 'an accessor' : 'a field'}`
}
