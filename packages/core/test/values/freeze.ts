/** Freezes a value and all it holds, so that writing into it throws. Bytes cannot be frozen and stay as they are. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
