/** Lines of text, with HTML's rules for white space. */
export class TextLines {
  #text = ''
  #breaks = 0
  #space = false

  /** Writes text. White space becomes one space, unless the text is preformatted. */
  write(text: string, preformatted = false): void {
    const words = preformatted ? text : text.replace(/[ \t\n\r\f]{2,}|[\t\n\r\f]/g, ' ')
    const content = preformatted ? words : words.trim().length > 0 ? words : ''
    if (words.startsWith(' ') || content === '') this.#space ||= words !== ''
    if (content === '') return
    if (this.#text !== '') {
      this.#text += this.#breaks > 0 ? '\n'.repeat(this.#breaks) : this.#space ? ' ' : ''
    }
    this.#breaks = 0
    this.#space = !preformatted && content.endsWith(' ')
    this.#text += preformatted ? content : content.replace(/^ | $/g, '')
  }

  /** Ends the line, and leaves at least so many line ends. */
  end(breaks: 1 | 2): void {
    this.#breaks = Math.max(this.#breaks, breaks)
    this.#space = false
  }

  break(): void {
    this.#breaks = Math.min(this.#breaks + 1, 2)
    this.#space = false
  }

  toString(): string {
    return this.#text
  }
}
