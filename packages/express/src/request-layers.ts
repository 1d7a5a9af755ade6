import type { ServerResponse } from 'node:http'
import {
  type MailgunOptions,
  scopeLayers,
  withMailgunOptions,
  withScopeLayers,
} from '@mailgun-smtp/core'

// Core's scope follows the asynchronous context. Body parsers, stores and pools with callbacks lose that context, or
// resume in the one of another request. So the layers are also kept on the response. The first of them is a mark, empty
// and of this response only: by it a scope shows whose layers it holds.

const layersKey: unique symbol = Symbol.for('@mailgun-smtp/express.layers')
const markKey: unique symbol = Symbol.for('@mailgun-smtp/express.mark')

type Layers = readonly MailgunOptions[]
type Mark = MailgunOptions & { readonly [markKey]: ServerResponse }
type Layered = ServerResponse & { [layersKey]?: Layers }

/** Adds options to the request, and runs `next` within them. */
export function addLayer(res: Layered, options: MailgunOptions, next: () => void): void {
  const before = res[layersKey] ?? [newMark(res)]
  const layers = [...before, options]
  res[layersKey] = layers
  const scope = scopeLayers()
  if (holds(scope, before)) withMailgunOptions(options, next)
  else enter(scope, layers, next)
}

/** Runs `next` within the options that the request has so far, whatever became of the asynchronous context. */
export function restoreLayers(res: Layered, next: () => void): void {
  const layers = res[layersKey] ?? []
  const scope = scopeLayers()
  if (holds(scope, layers)) next()
  else enter(scope, layers, next)
}

/** Runs `next` so that {@link responseInScope} finds the response in it, and in what it calls. */
export function enterResponse(res: Layered, next: () => void): void {
  res[layersKey] ??= [newMark(res)]
  restoreLayers(res, next)
}

/** The response that the running call serves, if its asynchronous context tells. */
export function responseInScope(): ServerResponse | undefined {
  return scopeLayers().findLast(isMark)?.[markKey]
}

/** Runs `send` within the options of the request, whatever became of the asynchronous context. */
export function withinLayers<Result>(res: Layered, send: () => Result): Result {
  const layers = res[layersKey] ?? []
  const scope = scopeLayers()
  if (holds(scope, layers)) return send()
  const { around, opened } = apart(scope, layers)
  return withScopeLayers([...around, ...layers, ...opened], send)
}

function enter(scope: Layers, layers: Layers, next: () => void): void {
  const { around, opened } = apart(scope, layers)
  withScopeLayers([...around, ...opened, ...layers], next)
}

/** Whether a scope has all layers of a request, and none of another. */
function holds(scope: Layers, layers: Layers): boolean {
  return layers.length === 0 ? !scope.some(isMark) : layers.every((layer) => scope.includes(layer))
}

/**
 * What of a scope is not of the request: what lies around it, and what was opened since. Without any mark the context
 * was lost, so all was opened since; what follows the mark of another request is that request's.
 */
function apart(
  scope: Layers,
  layers: Layers,
): { readonly around: Layers; readonly opened: Layers } {
  const first = scope.findIndex(isMark)
  if (first < 0) return { around: [], opened: scope }
  const isOwn = scope[first] === layers[0]
  return {
    around: scope.slice(0, first),
    opened: isOwn ? scope.slice(first).filter((layer) => !layers.includes(layer)) : [],
  }
}

function newMark(res: ServerResponse): Mark {
  // Not enumerable, because a log of the layers must not show the request: it contains secrets.
  return Object.defineProperty({}, markKey, { value: res }) as Mark
}

function isMark(layer: MailgunOptions): layer is Mark {
  return Reflect.has(Object(layer), markKey)
}
