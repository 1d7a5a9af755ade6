// Names of HTML's characters: those of Latin-1 in their order, and others that mails use.
// Source: https://html.spec.whatwg.org/multipage/named-characters.html
const latin1From160 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest ' +
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'

const others = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
  OElig: 'Œ',
  oelig: 'œ',
  Scaron: 'Š',
  scaron: 'š',
  Yuml: 'Ÿ',
  bdquo: '„',
  bull: '•',
  check: '✓',
  darr: '↓',
  emsp: '\u2003',
  ensp: '\u2002',
  euro: '€',
  hearts: '♥',
  hellip: '…',
  larr: '←',
  ldquo: '“',
  lsaquo: '‹',
  lsquo: '‘',
  mdash: '—',
  minus: '−',
  ndash: '–',
  permil: '‰',
  prime: '′',
  Prime: '″',
  rarr: '→',
  rdquo: '”',
  rsaquo: '›',
  rsquo: '’',
  sbquo: '‚',
  star: '☆',
  thinsp: '\u2009',
  trade: '™',
  uarr: '↑',
  zwj: '\u200d',
  zwnj: '\u200c',
}

const named: ReadonlyMap<string, string> = new Map([
  ...latin1From160.split(' ').map((name, at) => [name, String.fromCodePoint(160 + at)] as const),
  ...Object.entries(others),
])

/** The text with its character references replaced; an unknown one stays as it is. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi,
    (reference, decimal?: string, hex?: string, name?: string) =>
      name === undefined
        ? characterOf(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal))
        : (named.get(name) ?? reference),
  )
}

function characterOf(code: number): string {
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : '\ufffd'
}
