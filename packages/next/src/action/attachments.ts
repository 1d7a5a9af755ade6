import { cleanLine, cut } from './clean-text.ts'
import type { FieldValue, FormInput } from './form-input.ts'

/** Which files of a form go with its mail. */
export interface AttachmentSettings<Field extends string = string> {
  /** The names of the file inputs. The schema sees their files only if it names the field too. */
  readonly fields: readonly Field[]
  /** How many files one form can send. Default: 5. */
  readonly maxFiles?: number | undefined
  /** How large one file can be, in bytes. Default: `maxTotalBytes`. */
  readonly maxFileBytes?: number | undefined
  /** How large all files together can be, in bytes. Next.js refuses forms over 1 MB unless you raise `serverActions.bodySizeLimit`. Default: 1,000,000. */
  readonly maxTotalBytes?: number | undefined
  /** The file name extensions that are allowed, such as `'pdf'`. Default: images, documents and text files that cannot contain programs. */
  readonly extensions?: readonly string[] | undefined
}

/** What is wrong with the files of a form. */
export type FileFault = 'too-large' | 'too-many-files' | 'file-type'

/** A file as it goes with a mail. */
export interface Attachment {
  readonly filename: string
  readonly content: Buffer
}

// By name, as the recipient's machine decides by name what to do with a file; a browser's word for its type is the
// sender's. Without SVG and HTML, which run scripts, and without Office formats that hold macros.
const harmless = (
  'gif heic heif jpeg jpg png webp ' +
  'docx odp ods odt pdf pptx rtf xlsx ' +
  'csv md txt'
).split(' ')

/** The files of a form that go with the mail, by field. */
export function filesOf(
  { fields }: FormInput,
  settings: AttachmentSettings | undefined,
): readonly { readonly field: string; readonly file: File }[] {
  return (settings?.fields ?? []).flatMap((field) =>
    valuesOf(fields, field).flatMap((file) => (typeof file === 'string' ? [] : [{ field, file }])),
  )
}

/** What the schema reads: without file inputs that it does not name. */
export function withoutFiles(
  { fields }: FormInput,
  settings: AttachmentSettings | undefined,
  named: readonly string[],
): FormInput['fields'] {
  const apart = (settings?.fields ?? []).filter((field) => !named.includes(field))
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !apart.includes(name)))
}

/** What is wrong with the files, by field. */
export function fileFaults(
  files: ReturnType<typeof filesOf>,
  settings: AttachmentSettings | undefined,
): readonly { readonly field: string; readonly fault: FileFault }[] {
  const { maxFiles = 5, maxTotalBytes = 1_000_000, extensions = harmless } = settings ?? {}
  const { maxFileBytes = maxTotalBytes } = settings ?? {}
  const allowed = new Set(extensions.map((extension) => extension.replace(/^\./, '').toLowerCase()))
  let bytes = 0
  return files.flatMap(({ field, file }, index) => {
    bytes += file.size
    const faults: FileFault[] = []
    if (index >= maxFiles) faults.push('too-many-files')
    if (file.size > maxFileBytes || bytes > maxTotalBytes) faults.push('too-large')
    if (!allowed.has(extensionOf(fileName(file)))) faults.push('file-type')
    return faults.map((fault) => ({ field, fault }))
  })
}

/** The files as they go with the mail. */
export async function readAttachments(
  files: ReturnType<typeof filesOf>,
): Promise<readonly Attachment[]> {
  return await Promise.all(
    files.map(async ({ file }) => ({
      filename: fileName(file),
      content: Buffer.from(await file.arrayBuffer()),
    })),
  )
}

function valuesOf(fields: FormInput['fields'], field: string): readonly FieldValue[] {
  return Object.hasOwn(fields, field) ? [fields[field] ?? []].flat() : []
}

/** So many characters of a name are read, from its end: no file system has longer names. */
const nameLength = 255

/** The name without a path, and without what some system reads as more than a name. */
function fileName({ name }: File): string {
  const base = cleanLine(name.slice(-nameLength).replace(/^.*[/\\]/s, ''))
    .replace(/[<>:"|?*]/g, '_')
    // Windows drops them, and with them reads another extension.
    .replace(/[. ]+$/, '')
  const extension = extensionOf(base)
  const stem = extension ? base.slice(0, -extension.length - 1) : base
  return `${cut(stem, 100)}${extension && `.${extension}`}`
}

function extensionOf(name: string): string {
  return /[^.]\.([\da-z]{1,16})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
}
