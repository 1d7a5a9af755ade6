/** A form as a script reads it out of a page. */
export interface ReadForm {
  readonly url: string
  /** The fields that the page hides: React's, which say which action is meant. */
  readonly hidden: Readonly<Record<string, string>>
}

/** What a script got for its trouble. */
export interface Answer {
  readonly status: number
  readonly body: string
}

const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&#x27;': "'",
}

/** Reads the form of a page without running it, as a script does. */
export async function readPage(url: string): Promise<ReadForm> {
  const page = await (await fetch(url)).text()
  const inputs = [
    ...page.matchAll(/<input type="hidden" name="(?<name>[^"]+)"(?: value="(?<value>[^"]*)")?/g),
  ]
  return {
    url,
    hidden: Object.fromEntries(
      inputs.map(({ groups }) => [groups?.name ?? '', decode(groups?.value ?? '')]),
    ),
  }
}

/** What a form is posted with. */
export interface Post {
  /** Beside the hidden fields, or in their place. */
  readonly fields?: readonly (readonly [string, string | File])[]
  /** `undefined` for none. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** In place of a form. */
  readonly body?: string
}

/** Posts a form as a browser of this site would, but for what is given. */
export async function post(
  { url, hidden }: ReadForm,
  { fields = [], headers = {}, body }: Post,
): Promise<Answer> {
  const given = new Set(fields.map(([name]) => name))
  const form = new FormData()
  for (const [name, value] of Object.entries(hidden)) if (!given.has(name)) form.append(name, value)
  for (const [name, value] of fields) form.append(name, value)
  // On a connection of its own, as the server may end one in the middle of a post.
  const sent = { Origin: new URL(url).origin, Connection: 'close', ...headers }
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: body ?? form,
      redirect: 'manual',
      headers: Object.entries(sent).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      ),
    })
    return { status: response.status, body: await response.text() }
  } catch (error) {
    // A server may hang up on what it will not read.
    if (error instanceof TypeError) return { status: 0, body: '' }
    throw error
  }
}

function decode(text: string): string {
  return text.replace(/&(?:quot|amp|lt|gt|#x27);/g, (entity) => entities[entity] ?? entity)
}
