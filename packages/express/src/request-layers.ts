import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import { currentMailgunOptions, type MailgunOptions, withMailgunOptions } from '@mailgun-smtp/core'

// Core's scope follows the asynchronous context. Body parsers, stores and pools with callbacks lose that context, or
// resume in the one of another request. So the layers are also kept on the response, and a mark travels with the
// context: it tells whether the scope in force is this response's own, is lost, or belongs to somebody else.

const layersKey: unique symbol = Symbol.for('@mailgun-smtp/express.layers')
const ownersKey: unique symbol = Symbol.for('@mailgun-smtp/express.owners')

const shared = globalThis as typeof globalThis & {
  [ownersKey]?: AsyncLocalStorage<ServerResponse>
}
const owners = (shared[ownersKey] ??= new AsyncLocalStorage<ServerResponse>())

type Layered = ServerResponse & { [layersKey]?: readonly MailgunOptions[] }

/** Adds options to the request, and runs `next` within them. */
export function addLayer(res: Layered, options: MailgunOptions, next: () => void): void {
  const layers = [...(res[layersKey] ?? []), options]
  res[layersKey] = layers
  if (owners.getStore() === res) withMailgunOptions(options, next)
  else enter(res, layers, next)
}

/** Runs `next` within the options that the request has so far, whatever became of the asynchronous context. */
export function restoreLayers(res: Layered, next: () => void): void {
  const layers = res[layersKey]
  if (layers === undefined || owners.getStore() === res) next()
  else enter(res, layers, next)
}

/** Runs `send` within the options of the request, whatever became of the asynchronous context. */
export function withinLayers<Result>(res: Layered, send: () => Result): Result {
  const layers = res[layersKey] ?? []
  const owner = owners.getStore()
  if (owner === res) return send()
  if (owner !== undefined) return owners.run(res, () => within(layers, send, false))
  if (layers.length === 0) return send()
  // Lost: what is in force now was opened since, by the handler itself, so it lies over the request's layers.
  const opened = currentMailgunOptions()
  return owners.run(res, () => within(opened ? [...layers, opened] : layers, send, false))
}

function enter(res: ServerResponse, layers: readonly MailgunOptions[], next: () => void): void {
  const isLost = owners.getStore() === undefined
  owners.run(res, () => within(layers, next, isLost))
}

function within<Result>(
  layers: readonly MailgunOptions[],
  fn: () => Result,
  inherit: boolean,
): Result {
  // One scope a layer, not one merged layer: a merge would lose a `null`, which clears the layers under all of these.
  const nested = layers.reduceRight<() => Result>(
    (inner, options) => () => withMailgunOptions(options, inner),
    fn,
  )
  return inherit ? nested() : withMailgunOptions({}, nested, { inherit: false })
}
