// EJS brings no types of its own.
declare module 'ejs' {
  const ejs: {
    readonly __express: (
      path: string,
      locals: object,
      done: (error: unknown, html?: string) => void,
    ) => void
  }
  export default ejs
}
