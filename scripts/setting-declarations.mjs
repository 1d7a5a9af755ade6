// Reads settings from the packages' declarations: what each interface's members are called, take and say of themselves.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// TypeScript 7 has no JavaScript API, so the tests keep TypeScript 5 beside it.
const ts = createRequire(new URL('../tests/package.json', import.meta.url))('typescript-5')

/**
 * @typedef {object} Setting One row of the page.
 * @property {string} name
 * @property {string} type
 * @property {string} default
 * @property {string} unit
 * @property {string} does
 * @property {string} environment
 */

/** The declarations of a package's source, by name. */
export function declarationsOf(packageName) {
  const folder = new URL(`../packages/${packageName}/src/`, import.meta.url)
  const interfaces = new Map()
  const aliases = new Map()
  const files = readdirSync(folder, { recursive: true }).filter((file) => /\.tsx?$/.test(file))
  for (const file of files.toSorted()) {
    const source = ts.createSourceFile(
      file,
      readFileSync(new URL(file.replaceAll('\\', '/'), folder), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    )
    for (const statement of source.statements) {
      if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue
      if (ts.isInterfaceDeclaration(statement)) interfaces.set(statement.name.text, statement)
      if (ts.isTypeAliasDeclaration(statement)) aliases.set(statement.name.text, statement.type)
    }
  }
  return { interfaces, aliases }
}

/**
 * The settings of an interface, members of nested objects included.
 *
 * @throws {Error} naming a setting whose docstring lacks its meaning or its default.
 */
export function settingsOf({ interfaces, aliases }, name) {
  const declaration = interfaces.get(name)
  if (!declaration) throw new Error(`There is no interface ${name}: it moved or was renamed.`)
  return rowsOf(declaration.members, '', name, aliases)
}

function rowsOf(members, prefix, owner, aliases) {
  return members.flatMap((member) => {
    const name = prefix + member.name.getText()
    const type = typeOf(member.type)
    // `mailer?: undefined` says what may not be given; a former name is in the changelog.
    if (type.length === 0 || ts.getJSDocDeprecatedTag(member)) return []
    const words = wordsOf(member)
    // An old name that still works is for those who have it already.
    if (words.isDeprecated) return []
    const where = `${owner}.${name}`
    const literal = type.length === 1 && ts.isTypeLiteralNode(type[0]) ? type[0] : undefined
    if (literal) return rowsOf(literal.members, `${name}.`, owner, aliases)
    return [
      readRow({ name, where, type, words, isOptional: Boolean(member.questionToken) }, aliases),
    ]
  })
}

function readRow({ name, where, type, words, isOptional }, aliases) {
  const [does = '', fallback] = words.withoutEnvironment.split(/\s*\bDefault:? /)
  if (does === '') throw new Error(`${where} does not say what it does: write a docstring.`)
  if (isOptional && fallback === undefined) {
    throw new Error(`${where} does not say its default: end its docstring with "Default: ….".`)
  }
  return {
    name,
    type: type.map((part) => shown(part, aliases)).join(' | '),
    default: isOptional ? withSmallInitial(fallback.replace(/\.$/, '')) : 'required',
    unit: unitOf(name, type, does),
    does: does.replace(unitIn, ''),
    environment: words.environment,
  }
}

/** The members of a type, without `undefined`. */
function typeOf(node) {
  const parts = ts.isUnionTypeNode(node) ? node.types : [node]
  return parts.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
}

/** A type as it is written; an alias of a few words is written out. */
function shown(node, aliases) {
  const type =
    ts.isParenthesizedTypeNode(node) && ts.isFunctionTypeNode(node.type) ? node : undefined
  const written = (type?.type ?? node)
    .getText()
    .replace(/\s+/g, ' ')
    .replaceAll('( ', '(')
    .replaceAll(' )', ')')
  const alias = ts.isTypeReferenceNode(node) ? aliases.get(written) : undefined
  const words = alias ? typeOf(alias) : []
  const isShort = words.length > 0 && words.every((word) => ts.isLiteralTypeNode(word))
  return isShort ? words.map((word) => word.getText()).join(' | ') : written
}

/** The docstring as one line, and the environment variables that its last sentence names. */
function wordsOf(member) {
  const text = (ts.getJSDocCommentsAndTags(member)[0]?.getText() ?? '')
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\{@link ([^}]+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()
  const sentence = /\s*Environment variables?: (.+?)\.(?=\s|$)/.exec(text)
  return {
    isDeprecated: text.includes('@deprecated'),
    withoutEnvironment: text.replace(sentence?.[0] ?? '', ''),
    environment: sentence?.[1] ?? '',
  }
}

const unitIn = /,? in (milliseconds|seconds|bytes)\b/

function unitOf(name, type, does) {
  if (!type.some(({ kind }) => kind === ts.SyntaxKind.NumberKeyword)) return ''
  const unit = unitIn.exec(does)?.[1]
  return unit ?? (/^(?:port|seed|hour)$|Port$/.test(name) ? '' : 'count')
}

/** A sentence's beginning as the content of a cell: `TLS` and names stay as they are. */
function withSmallInitial(text) {
  return text.replace(/^[A-Z](?=[a-z ])/, (initial) => initial.toLowerCase())
}
