/** A second copy of the package in this process, as bundlers make: the build, beside the source that tests import. */
export async function builtCopy(): Promise<typeof import('../../src/index.ts')> {
  const door = new URL('../../dist/index.js', import.meta.url).href
  return (await import(door)) as typeof import('../../src/index.ts')
}
