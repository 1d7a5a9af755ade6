/** The inbox of a running demo, read as a program would: through the emulator's JSON API. */
export class Inbox {
  readonly #api: string

  constructor(url: string) {
    this.#api = `${url}/emulator/v1`
  }

  /** The submissions, newest first, each with its options and copies. */
  async submissions(): Promise<ReceivedSubmission[]> {
    const { submissions } = await this.#get<{ submissions: { id: string }[] }>('/submissions')
    return await Promise.all(
      submissions.map(async ({ id }) => {
        const submission = await this.#get<
          Omit<ReceivedSubmission, 'options'> & { options: { option: string; value: unknown }[] }
        >(`/submissions/${id}`)
        const options = submission.options.map(({ option, value }) => [option, value] as const)
        return { ...submission, options: Object.fromEntries(options) }
      }),
    )
  }

  /**
   * The newest submission.
   *
   * @throws {Error} if there is none.
   */
  async newest(): Promise<ReceivedSubmission> {
    const [newest] = await this.submissions()
    if (!newest) throw new Error('Nothing has arrived.')
    return newest
  }

  /** One recipient's copy. */
  async copy(id: string): Promise<ReceivedCopy> {
    return await this.#get<ReceivedCopy>(`/messages/${id}`)
  }

  async html(id: string): Promise<string> {
    return await (await fetch(`${this.#api}/messages/${id}/html`)).text()
  }

  async part(id: string, n: number): Promise<Buffer> {
    const response = await fetch(`${this.#api}/messages/${id}/part/${n}`)
    return Buffer.from(await response.arrayBuffer())
  }

  async empty(): Promise<void> {
    const headers = { 'Content-Type': 'application/json', 'X-Mailgun-Emulator': '1' }
    const { status } = await fetch(`${this.#api}/submissions`, { method: 'DELETE', headers })
    if (status !== 204) throw new Error(`The inbox was not emptied: ${status}.`)
  }

  async #get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(this.#api + path)
    if (!response.ok) throw new Error(`${path} is answered with ${response.status}.`)
    return (await response.json()) as Answer
  }
}

/** What one SMTP transaction brought, as far as these tests look at it. */
export interface ReceivedSubmission {
  readonly id: string
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly deliverBy: string | null
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Decoded by core's registry. */
  readonly options: Readonly<Record<string, unknown>>
  readonly problems: readonly unknown[]
  readonly session: { readonly secure: string; readonly user?: string }
  readonly messages: readonly {
    readonly id: string
    readonly recipient: string
    readonly to: string
    readonly subject: string
    readonly unreplaced: readonly string[]
  }[]
}

/** A copy, as its recipient sees it. */
export interface ReceivedCopy {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly hasHtml: boolean
  readonly attachments: readonly {
    readonly n: number
    readonly filename: string
    readonly contentType: string
    readonly size: number
  }[]
}
