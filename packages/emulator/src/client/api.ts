import type { Refusal } from '../http/answers.ts'

/** The emulator refused a request, or nothing came in time; the message says why in a sentence. */
export class EmulatorRequestError extends Error {
  /** Of HTTP. */
  readonly status: number
  /** No message that fits came in time. Then the error's name is `TimeoutError`, as with an emulator in the same process. */
  readonly timedOut: boolean

  /** @param refusal what the answer's JSON holds, which is anything if no emulator answers. */
  constructor(status: number, refusal: unknown) {
    const { message, timedOut } = Object(refusal) as { readonly [Name in keyof Refusal]?: unknown }
    super(typeof message === 'string' ? message : 'The server at this address is not an emulator.')
    this.status = status
    this.timedOut = timedOut === true
    this.name = this.timedOut ? 'TimeoutError' : 'EmulatorRequestError'
  }
}

/** A request below `/emulator/v1`. */
export interface ApiRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** The API of one emulator. */
export class Api {
  /** The inbox's address, up to where a proxy has put it; it ends in a slash. */
  readonly base: string

  /** @throws {TypeError} if it is not the address of an emulator. */
  constructor(url: string) {
    this.base = baseOf(url)
  }

  urlOf({ path, query = {} }: Pick<ApiRequest, 'path' | 'query'>): string {
    const url = new URL(`emulator/v1${path}`, this.base)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    return url.href
  }

  /**
   * What an answer's JSON holds.
   *
   * @throws {EmulatorRequestError} if the emulator refuses.
   */
  async ask<Answer>(request: ApiRequest): Promise<Answer> {
    const { status, text } = await this.#answer(request)
    if (text === '') return undefined as Answer
    const read = readJson(text)
    if (!read) throw new EmulatorRequestError(status, undefined)
    return read.json as Answer
  }

  /**
   * An answer that is not JSON.
   *
   * @throws {EmulatorRequestError} if the emulator refuses.
   */
  async askText(request: ApiRequest): Promise<string> {
    return (await this.#answer(request)).text
  }

  async #answer(request: ApiRequest): Promise<{ readonly status: number; readonly text: string }> {
    const { ok, status, text } = await this.#fetch(request)
    if (ok) return { status, text }
    throw new EmulatorRequestError(status, readJson(text)?.json)
  }

  async #fetch({ method = 'GET', path, query = {}, body, signal }: ApiRequest): Promise<{
    readonly ok: boolean
    readonly status: number
    readonly text: string
  }> {
    try {
      const response = await fetch(this.urlOf({ path, query }), {
        method,
        headers: { 'Content-Type': 'application/json', 'X-Mailgun-Emulator': '1' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
      })
      return { ok: response.ok, status: response.status, text: await response.text() }
    } catch (error) {
      if (signal?.aborted) throw error
      throw new Error('No emulator answers at this address.', { cause: error })
    }
  }
}

function readJson(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

function baseOf(url: unknown): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new TypeError(
      "createEmulatorClient takes the inbox's address, such as 'http://127.0.0.1:8025'; in a command that 'npx @mailgun-smtp/emulator exec' runs, it is in MAILGUN_EMULATOR_URL.",
    )
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/*$/, '')}/`
}
