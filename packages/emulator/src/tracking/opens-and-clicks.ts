/** A recipient's mail client loaded the pixel. */
export interface Open {
  readonly at: Date
}

/** A recipient followed a tracked link. */
export interface Click {
  readonly at: Date
  /** Where the link leads. */
  readonly url: string
  /** Its place among the copy's tracked links, from 0. */
  readonly link: number
}

/** What recipients did with their copies, in memory alone. Of too much, what was first noted of the first mail goes first. */
export class OpensAndClicks {
  readonly #most: number
  readonly #notes = new Map<string, { readonly copyId: string; readonly note: Open | Click }[]>()
  #count = 0

  /** @param most opens and clicks of all mail together. */
  constructor(most = 10_000) {
    this.#most = most
  }

  note(copyId: string, note: Open | Click): void {
    const id = submissionIdOf(copyId)
    const known = this.#notes.get(id) ?? []
    this.#notes.set(id, known)
    known.push({ copyId, note })
    this.#count += 1
    if (this.#count > this.#most) this.#forgetFirst()
  }

  /** In order. */
  opens(copyId: string): readonly Open[] {
    return this.#of(copyId).filter((note) => !isClick(note))
  }

  /** In order. */
  clicks(copyId: string): readonly Click[] {
    return this.#of(copyId).filter(isClick)
  }

  forget(submissionId: string): void {
    this.#count -= this.#notes.get(submissionId)?.length ?? 0
    this.#notes.delete(submissionId)
  }

  #of(copyId: string): readonly (Open | Click)[] {
    const known = this.#notes.get(submissionIdOf(copyId)) ?? []
    return known.filter((each) => each.copyId === copyId).map(({ note }) => note)
  }

  #forgetFirst(): void {
    const [first] = this.#notes
    if (!first) return
    const [id, notes] = first
    notes.shift()
    this.#count -= 1
    if (notes.length === 0) this.#notes.delete(id)
  }
}

function isClick(note: Open | Click): note is Click {
  return 'url' in note
}

function submissionIdOf(copyId: string): string {
  return copyId.slice(0, copyId.indexOf('-'))
}
