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
  const before = res[layersKey] ?? []
  res[layersKey] = [...before, options]
  const owner = owners.getStore()
  owners.run(res, () => {
    if (owner === res) withMailgunOptions(options, next)
    else within([...before, options], next, owner === undefined)
  })
}

/** Runs `send` within the options of the request, whatever became of the asynchronous context. */
export function withinLayers<Result>(res: Layered, send: () => Result): Result {
  const layers = res[layersKey] ?? []
  const owner = owners.getStore()
  if (owner === res) return send()
  if (owner !== undefined) return within(layers, send, false)
  // Lost: what is in force now was opened since, by the handler itself, so it lies over the request's layers.
  const opened = currentMailgunOptions()
  if (layers.length === 0) return send()
  return within(opened ? [...layers, opened] : layers, send, false)
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
