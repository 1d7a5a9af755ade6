import 'reflect-metadata'
import { withMailgunOptions, type MailgunOptions } from '@mailgun-smtp/core'
import { activeClass } from './active-class.ts'
import { keepScope } from './kept-scope.ts'

type Method = (...args: unknown[]) => unknown

/** What one `@MailgunOptions()` says. */
export interface OptionsLayer {
  readonly options: MailgunOptions | ((...args: never) => MailgunOptions | undefined)
  readonly inherit: boolean
}

// On a class: its own layers. On a function: that it is scoped already, and its layers.
const layersKey = Symbol.for('@mailgun-smtp/nestjs/layers')

// Reading metadata up a chain of classes takes longer than a call may, so it is done once for each class.
let layersOfClasses = new WeakMap<object, readonly OptionsLayer[]>()

/** Adds a layer to a class and puts its methods into the scope. */
export function scopeClass(type: object, layer: OptionsLayer): void {
  // Decorators are applied from the lowest up; the upper one is the outer layer.
  Reflect.defineMetadata(layersKey, [layer, ...ownLayers(type)], type)
  layersOfClasses = new WeakMap()
  scopeMethodsOf(type)
}

/** The method in the scope of a layer and of its class's layers. */
export function scopeMethod(method: Method, home: object, layer: OptionsLayer): Method {
  return scope(method, home, [layer])
}

/** Whether the class or a class it extends has layers. */
export function hasLayers(type: object): boolean {
  return Reflect.hasMetadata(layersKey, type)
}

/** Puts the methods of a class, its own and the inherited, into the scope. Doing it again changes nothing. */
export function scopeMethodsOf(type: object): void {
  const home: unknown = Reflect.get(type, 'prototype')
  if (typeof home !== 'object' || home === null) return
  const seen = new Set<PropertyKey>(['constructor'])
  for (const place of chainOf(home)) {
    for (const name of Reflect.ownKeys(place)) {
      if (seen.has(name)) continue
      seen.add(name)
      const descriptor = Reflect.getOwnPropertyDescriptor(place, name)
      const method: unknown = descriptor?.value
      if (typeof method !== 'function' || Reflect.hasOwnMetadata(layersKey, method)) continue
      Reflect.defineProperty(home, name, {
        configurable: true,
        writable: true,
        enumerable: descriptor?.enumerable ?? false,
        // An inherited method is looked up at the call, in case it is replaced on the base class.
        value:
          place === home
            ? scope(method as Method, home, [])
            : scope(
                method as Method,
                home,
                [],
                () => Reflect.get(Object.getPrototypeOf(home), name) as Method,
              ),
      })
    }
  }
}

function chainOf(home: object): object[] {
  const above: unknown = Object.getPrototypeOf(home)
  // Object.prototype, of whichever realm, has nothing above it and belongs to no class.
  return typeof above === 'object' && above !== null ? [home, ...chainOf(above)] : []
}

/** A proxy keeps name, length and own properties; metadata hangs on the function's identity and is copied. */
function scope(
  method: Method,
  home: object,
  layers: readonly OptionsLayer[],
  current: () => Method = () => method,
): Method {
  const scoped = new Proxy(method, {
    apply(_method, self: unknown, args: unknown[]) {
      try {
        return callInScope(current(), self, args, home, layers)
      } catch (error) {
        // An async method never throws at the call, so neither may a factory of its options.
        if (isAsync(method)) return Promise.reject(error)
        throw error
      }
    },
  })
  for (const key of Reflect.getOwnMetadataKeys(method)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, method), scoped)
  }
  Reflect.defineMetadata(layersKey, [...layers, ...ownLayers(method)], scoped)
  return scoped
}

function callInScope(
  method: Method,
  self: unknown,
  args: unknown[],
  home: object,
  layers: readonly OptionsLayer[],
): unknown {
  const type = classOf(self, home)
  const call = (): unknown => keepScope(Reflect.apply(method, self, args))
  const callMethod = (): unknown => enter(layers, 0, self, args, call)
  // A class's options are entered once: its methods may call each other.
  if (activeClass.getStore() === type) return callMethod()
  return activeClass.run(type, () => enter(classLayers(type), 0, self, args, callMethod))
}

/** Runs the function in the layers from the one at `index` on. */
function enter(
  layers: readonly OptionsLayer[],
  index: number,
  self: unknown,
  args: unknown[],
  run: () => unknown,
): unknown {
  const layer = layers[index]
  if (layer === undefined) return run()
  const inner = (): unknown => enter(layers, index + 1, self, args, run)
  return withMailgunOptions(resolve(layer.options, self, args), inner, layer)
}

function resolve(options: OptionsLayer['options'], self: unknown, args: unknown[]): MailgunOptions {
  if (typeof options !== 'function') return options
  const made: unknown = Reflect.apply(options, self, args)
  if (made instanceof Promise) {
    throw new TypeError(
      'The function given to @MailgunOptions() must return options, not a promise.',
    )
  }
  // From JavaScript it may be anything: the send refuses what is not an options object.
  return (made ?? {}) as MailgunOptions
}

/** The class of the object; a method called without it still knows its class. */
function classOf(self: unknown, home: object): unknown {
  const isOurs = Object.prototype.isPrototypeOf.call(home, self as object)
  return Reflect.get(isOurs ? (self as object) : home, 'constructor')
}

/** The layers of the class and of those it extends, the base's first. */
function classLayers(type: unknown): readonly OptionsLayer[] {
  if (typeof type !== 'function') return []
  const known = layersOfClasses.get(type)
  if (known) return known
  const found = [...classLayers(Object.getPrototypeOf(type)), ...ownLayers(type)]
  layersOfClasses.set(type, found)
  return found
}

function ownLayers(target: object): readonly OptionsLayer[] {
  // Only this file writes under the key.
  return (Reflect.getOwnMetadata(layersKey, target) as readonly OptionsLayer[] | undefined) ?? []
}

function isAsync(method: Method): boolean {
  return Object.prototype.toString.call(method) === '[object AsyncFunction]'
}
