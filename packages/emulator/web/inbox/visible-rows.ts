export interface Viewport {
  readonly scrollTop: number
  readonly height: number
}

/** The rows to draw, `first` up to but without `end`: those in view and a few beyond each edge. */
export function visibleRows(
  { scrollTop, height }: Viewport,
  rowHeight: number,
  count: number,
): { readonly first: number; readonly end: number } {
  const beyond = 8
  const first = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight) - beyond, count))
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + beyond)
  return { first, end: Math.max(first, end) }
}

/** Where to scroll so that a row is wholly in view, moving no further than needed. */
export function scrollToRow(viewport: Viewport, rowHeight: number, index: number): number {
  const top = index * rowHeight
  if (top < viewport.scrollTop) return top
  return Math.max(viewport.scrollTop, top + rowHeight - viewport.height)
}
