/** Where this package lies: the folder above `src`, and above the `dist` that all of `src` is bundled into. */
export const packageFolder: URL = new URL('../', import.meta.url)
