import { invalid } from '../message/invalid-message.ts'
import { writeJson } from '../options/json.ts'
import type { JsonObject, RecipientVariables } from '../options/options.ts'
import type { Addressee, Row } from './recipient.ts'

/** Where a batch is cut. */
export interface ChunkLimits {
  readonly maxRecipients: number
  readonly maxBytes: number
}

/**
 * The rows that one message goes to. Its size is kept by counting, so that cutting takes time in proportion to the rows;
 * the same rows give the same chunks.
 */
export class Chunk {
  readonly number: number
  readonly rows: Row[] = []
  readonly addressees: Addressee[] = []
  readonly #limits: ChunkLimits
  readonly #addresses = new Set<string>()
  /** Every variable of the chunk, with the bytes it takes where it is empty. */
  readonly #fillers = new Map<string, number>()
  /** The bytes of one addressee of whom nothing is known. */
  #fillerBytes = 0
  /** The bytes saved, as some have the variable themselves. */
  #ownFillerBytes = 0
  #ownBytes = 0

  constructor(number: number, limits: ChunkLimits, used: ReadonlySet<string>) {
    this.number = number
    this.#limits = limits
    for (const name of used) this.#learn(name)
  }

  get isFull(): boolean {
    return this.rows.length >= this.#limits.maxRecipients
  }

  /** Takes a row, unless its variables are for the next chunk. */
  add(row: Row): boolean {
    const { addressee } = row
    if (!addressee) {
      this.rows.push(row)
      return true
    }
    if (this.#addresses.has(addressee.address)) return this.add(refused(row, duplicate))
    if (this.#bytesWith(addressee) > this.#limits.maxBytes) {
      return this.addressees.length === 0 && this.add(refused(row, tooLarge))
    }
    this.rows.push(row)
    this.addressees.push(addressee)
    this.#addresses.add(addressee.address)
    this.#ownBytes += addressee.json.length + separator
    for (const name of Object.keys(addressee.variables)) {
      this.#ownFillerBytes += this.#learn(name)
    }
    return true
  }

  /** Each addressee's variables, with nothing for those that only others have. */
  get recipientVariables(): RecipientVariables {
    const fillers = Object.fromEntries(Array.from(this.#fillers.keys(), (name) => [name, '']))
    // Without a prototype it is a dictionary from the start: otherwise each of a thousand keys makes V8 keep another shape
    // of the object, 9 MB for one chunk.
    const all = Object.create(null) as Record<string, JsonObject>
    for (const { address, variables } of this.addressees) {
      const isWhole = Object.keys(variables).length === this.#fillers.size
      all[address] = isWhole ? variables : { ...fillers, ...variables }
    }
    return all
  }

  #bytesWith({ json, variables }: Addressee): number {
    let fillerBytes = this.#fillerBytes
    let ownFillerBytes = this.#ownFillerBytes
    for (const name of Object.keys(variables)) {
      const known = this.#fillers.get(name)
      const bytes = known ?? bytesOfFiller(name)
      if (known === undefined) fillerBytes += bytes
      ownFillerBytes += bytes
    }
    const filled = (this.addressees.length + 1) * fillerBytes - ownFillerBytes
    return braces + this.#ownBytes + json.length + separator + filled
  }

  #learn(name: string): number {
    const known = this.#fillers.get(name)
    if (known !== undefined) return known
    const bytes = bytesOfFiller(name)
    this.#fillers.set(name, bytes)
    this.#fillerBytes += bytes
    return bytes
  }
}

const separator = ','.length
const braces = '{}'.length

/** `"name":"",` */
function bytesOfFiller(name: string): number {
  return writeJson({ [name]: '' }, 'variables').text.length - braces + separator
}

const duplicate = {
  field: '.to',
  rule: 'must not be the address of another recipient of the same chunk',
}
const tooLarge = {
  field: '.variables',
  rule: 'must fit in one message: they are larger than maxBytes',
}

function refused({ index, to }: Row, { field, rule }: typeof duplicate): Row {
  return { index, to, error: invalid(`recipients[${index}]${field}`, rule) }
}
