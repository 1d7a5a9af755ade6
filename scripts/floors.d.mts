/** By source folder: the rooms of each floor, from the lowest. */
export const floors: Readonly<Record<string, readonly (readonly string[])[]>>
/** The page with the picture of all floors in its place. */
export function withPicture(page: string): string
