// What a page needs around what is made anew for each visitor: nothing, but with cacheComponents a Suspense.
export { Fragment as Wait } from 'react'
