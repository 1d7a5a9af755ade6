/** Something that keeps more than it needs, and can do without. */
export interface Cooling {
  letGo(): void
}

/**
 * The submissions that were looked at last. Only these keep what was worked out from their bytes, so that an inbox of
 * a hundred thousand is not three times its mail.
 */
export class RecentMail {
  readonly #most: number
  readonly #submissions = new Set<Cooling>()
  #latest: Cooling | undefined

  /** @param most how many keep it. */
  constructor(most = 500) {
    this.#most = most
  }

  touch(submission: Cooling): void {
    if (submission === this.#latest) return
    this.#latest = submission
    this.#submissions.delete(submission)
    this.#submissions.add(submission)
    if (this.#submissions.size <= this.#most) return
    const [oldest] = this.#submissions
    if (!oldest) return
    this.#submissions.delete(oldest)
    oldest.letGo()
  }

  clear(): void {
    this.#submissions.clear()
    this.#latest = undefined
  }
}
