import { randomUUID } from 'node:crypto'
import type { Receipt } from '@mailgun-smtp/core'
import type { SentState } from '../form/state.ts'

/** The longest that a robot is kept waiting, in milliseconds: each waits in this process. */
const longest = 2000

/** What a robot is answered: the same as a visitor whose mail was sent, after the same time. */
export class Decoy {
  #took = 0
  #domain: string | undefined

  /** Remembers what a real mail looked like, and how many milliseconds it took. */
  learn({ messageId }: Receipt, took: number): void {
    this.#took = Math.min(took, longest)
    this.#domain = messageId.slice(messageId.lastIndexOf('@') + 1).replace('>', '')
  }

  async answer(): Promise<SentState> {
    await new Promise((resolve) => setTimeout(resolve, this.#took))
    return {
      status: 'sent',
      ...(this.#domain !== undefined && { messageId: `<${randomUUID()}@${this.#domain}>` }),
    }
  }
}
