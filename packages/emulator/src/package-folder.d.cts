/** The folder of this package, as an absolute path. */
export const packageFolder: string
