/** The sheet with a torn edge: the icon of every page, inside the page. */
export const icon: string = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M7 4h18v21l-2 2-2.5-1.5-2.5 2-2.5-1-2.5 1.5-2-2-2.5 1.5L7 25z" fill="#2f5a4c"/></svg>',
)}`
