// Express 4 as the tests use it; its types would clash with those of Express 5 in one program.
declare module 'express4' {
  export { default } from 'express'
}
declare module 'express4-oldest' {
  export { default } from 'express'
}
