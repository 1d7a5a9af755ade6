/** From how many milliseconds on a turn is a fault on any machine. What a free one does is printed: it stays below 100. */
export const heldUp: number

/** Watches how long this thread works before others get their turn; what it gives stops that, and says so in milliseconds. */
export function watchTurns(): () => number
