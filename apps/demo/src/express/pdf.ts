/** Draws on one page with PDF's own fonts. Coordinates are points from the lower left corner of A4. */
export class PdfPage {
  readonly #operators: string[] = []

  /** Writes a text; with `align: 'right'` it ends at `x`, which works for amounts. */
  text(x: number, y: number, size: number, text: string, style: TextStyle = {}): this {
    const { font = 'roman', align = 'left', grey = 0.12 } = style
    const left = align === 'right' ? x - (size * amountWidth(text)) / 1000 : x
    this.#operators.push(
      `${grey} g BT /${fonts[font].name} ${size} Tf ${left.toFixed(2)} ${y} Td (${literal(text)}) Tj ET`,
    )
    return this
  }

  /** Rules a horizontal line. */
  rule(x1: number, x2: number, y: number, width = 0.5): this {
    this.#operators.push(`0.7 G ${width} w ${x1} ${y} m ${x2} ${y} l S`)
    return this
  }

  /** The document of this one page. */
  toBuffer(title: string): Buffer {
    const content = this.#operators.join('\n')
    const fontObjects = Object.values(fonts).map(
      ({ base }) =>
        `<< /Type /Font /Subtype /Type1 /BaseFont /${base} /Encoding /WinAnsiEncoding >>`,
    )
    const resources = Object.values(fonts).map(({ name }, index) => `/${name} ${index + 6} 0 R`)
    return document([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << ${resources.join(' ')} >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      `<< /Title (${literal(title)}) >>`,
      ...fontObjects,
    ])
  }
}

interface TextStyle {
  readonly font?: keyof typeof fonts
  readonly align?: 'left' | 'right'
  /** From 0, black, to 1, white. */
  readonly grey?: number
}

const fonts = {
  roman: { name: 'F1', base: 'Times-Roman' },
  bold: { name: 'F2', base: 'Times-Bold' },
  italic: { name: 'F3', base: 'Times-Italic' },
} as const

/** Numbers the objects from 1, and says in the cross-reference table at which byte each begins. */
function document(objects: readonly string[]): Buffer {
  let text = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = text.length
  // Each entry is twenty bytes, line end included (ISO 32000-1 §7.5.4).
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join('')}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R >>\n`
  text += `startxref\n${start}\n%%EOF\n`
  // One character is one byte all along, so the offsets hold.
  return Buffer.from(text, 'latin1')
}

/** The characters of Windows-1252 that are not at their place in Unicode. */
const winAnsi = new Map(
  Array.from('€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ', (character, index) => [
    character,
    0x80 + index,
  ]),
)

/** A text inside the brackets of a PDF string; what PDF's own fonts lack is shown by its bare letter or `?`. */
function literal(text: string): string {
  return Array.from(text.normalize('NFC'), winAnsiCharacter)
    .join('')
    .replace(/[\\()]/g, String.raw`\$&`)
}

function winAnsiCharacter(character: string): string {
  const code = winAnsi.get(character) ?? character.codePointAt(0) ?? 0
  if (winAnsi.has(character) && character !== '\0') return String.fromCharCode(code)
  if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) return character
  const [bare = ''] = character.normalize('NFKD')
  return /[ -~]/.test(bare) ? bare : '?'
}

/** In thousandths of the size: in Times, roman and bold, a digit is 500 wide and a point 250. */
function amountWidth(text: string): number {
  return Array.from(text).reduce((width, one) => width + (one === '.' ? 250 : 500), 0)
}
