/** Watches how long this thread works before others get their turn; what it gives stops that, and says so in milliseconds. */
export function watchTurns(): () => number
