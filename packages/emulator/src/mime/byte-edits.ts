/** A stretch of bytes that becomes another. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly by: Buffer | string
}

/** The bytes with every edit made; edits lie in order and apart. What no edit touches stays as it is. */
export function applyEdits(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  for (const { start, end, by } of edits) {
    pieces.push(bytes.subarray(at, start), typeof by === 'string' ? Buffer.from(by) : by)
    at = end
  }
  return Buffer.concat([...pieces, bytes.subarray(at)])
}
