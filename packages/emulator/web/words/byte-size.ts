const units = ['bytes', 'KB', 'MB', 'GB'] as const

/** A size for people: `512 bytes`, `1.4 KB`, `25 MB`; a KB is 1,000 bytes. */
export function byteSize(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  const digits = unit > 0 && size < 9.95 ? 1 : 0
  return `${size.toFixed(digits)} ${units[unit]}`
}
