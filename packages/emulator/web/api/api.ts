export type Json = string | number | boolean | null | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

export interface EmulatorInfo {
  readonly version: string
  readonly host: string
  readonly port: number
  /** The port with TLS from the first byte, if there is one. */
  readonly securePort?: number | null
  readonly httpUrl?: string | null
  readonly domains: readonly string[]
  /** The first login; none if the emulator takes any. */
  readonly user?: string | null
}

export interface SubmissionSummary {
  readonly id: string
  readonly receivedAt: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly messageId?: string | null
  /** Bytes, as received. */
  readonly size: number
  readonly tags: readonly string[]
  readonly testMode: boolean
  readonly deliverBy: string | null
  readonly copies: number
  readonly personalised: boolean
  readonly problems: number
}

export interface DecodedOption {
  readonly option: string
  readonly header: string
  /** The values of the header as they came, one for each time it stood there. */
  readonly received: readonly string[]
  readonly value: Json
}

/** Something that Mailgun takes, and that may not do what was meant. */
export interface Diagnostic {
  readonly code: string
  /** A sentence; of a header that sets no option, one that its name begins. */
  readonly message: string
  /** The option or field it is about: `deliverBy`. */
  readonly path?: string
  readonly header?: string
}

export type HeaderField = readonly [name: string, value: string]

/** The hop to the recipient's server. */
export interface DeliveryStatus {
  readonly mxHost: string
  readonly tls: boolean
  readonly certificateVerified: boolean
  /** Why it failed, in a sentence. */
  readonly description?: string
}

export interface Copy {
  readonly id: string
  readonly recipient: string
  readonly to: string
  readonly subject: string
  readonly state: 'scheduled' | 'delivered' | 'failed' | 'dropped'
  /** None until it was tried. */
  readonly deliveryStatus: DeliveryStatus | null
  readonly opens: readonly { readonly at: string }[]
  readonly clicks: readonly {
    readonly at: string
    readonly url: string
    /** Its place among the copy's tracked links. */
    readonly link: number
  }[]
  readonly variables: JsonObject
  /** Placeholders that Mailgun would leave in the text. */
  readonly unreplaced: readonly string[]
}

export interface SubmissionDetail extends Omit<SubmissionSummary, 'problems'> {
  readonly options: readonly DecodedOption[]
  readonly diagnostics: readonly Diagnostic[]
  readonly headers: readonly HeaderField[]
  readonly session: {
    readonly id: string
    readonly secure: 'starttls' | 'implicit' | 'none'
    readonly tls?: string | null
    readonly user?: string | null
  }
  readonly messages: readonly Copy[]
}

export interface Attachment {
  readonly n: number
  readonly filename?: string | null
  readonly contentType: string
  /** Bytes, decoded. */
  readonly size: number
}

export interface CopyContent {
  readonly id: string
  readonly submissionId: string
  readonly recipient: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly headers: readonly HeaderField[]
  readonly text?: string | null
  readonly hasHtml: boolean
  readonly attachments: readonly Attachment[]
  readonly variables: JsonObject
  readonly unreplaced: readonly string[]
}

export type FaultSelection =
  | 'always'
  | 'when'
  | { readonly next?: number; readonly every?: number; readonly chance?: number }

export interface FaultEntry {
  readonly fault: object
  readonly select: FaultSelection
}

/** A fault that may still strike. */
export interface FaultSummary extends FaultEntry {
  readonly fault: { readonly at: string }
  readonly fired: number
}

/** An answer of the emulator that is not a success. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message = `The emulator answered ${status}.`) {
    super(message)
    this.status = status
  }
}

const root = '/emulator/v1'

export const streamUrl: string = `${root}/stream`
export const caUrl: string = '/ca.pem'

export function htmlUrl(copyId: string, remoteImages: boolean): string {
  return `${messageUrl(copyId)}/html${remoteImages ? '?images=remote' : ''}`
}

export function partUrl(copyId: string, n: number): string {
  return `${messageUrl(copyId)}/part/${n}`
}

/** The source of one recipient's copy. */
export function copySourceUrl(copyId: string): string {
  return `${messageUrl(copyId)}/raw`
}

/** The source as SMTP brought it. */
export function receivedSourceUrl(submissionId: string): string {
  return `${submissionUrl(submissionId)}/raw`
}

export async function getInfo(signal?: AbortSignal): Promise<EmulatorInfo> {
  return json<EmulatorInfo>(await request(`${root}/info`, signal))
}

/** Newest first. */
export async function getSubmissions(signal?: AbortSignal): Promise<readonly SubmissionSummary[]> {
  const answer = await request(`${root}/submissions`, signal)
  return (await json<{ submissions: readonly SubmissionSummary[] }>(answer)).submissions
}

export async function getSubmission(id: string, signal?: AbortSignal): Promise<SubmissionDetail> {
  return json<SubmissionDetail>(await request(submissionUrl(id), signal))
}

export async function getCopy(id: string, signal?: AbortSignal): Promise<CopyContent> {
  return json<CopyContent>(await request(messageUrl(id), signal))
}

export async function getText(url: string, signal?: AbortSignal): Promise<string> {
  return (await request(url, signal)).text()
}

export async function deleteSubmissions(): Promise<void> {
  await change('DELETE', `${root}/submissions`)
}

export async function getFaults(signal?: AbortSignal): Promise<readonly FaultSummary[]> {
  return faultsIn(await request(`${root}/faults`, signal))
}

/** Calls one up beside the others. */
export async function callUpFault(entry: FaultEntry): Promise<readonly FaultSummary[]> {
  return faultsIn(await change('POST', `${root}/faults`, entry))
}

export async function deleteFaults(): Promise<void> {
  await change('DELETE', `${root}/faults`)
}

async function faultsIn(answer: Response): Promise<readonly FaultSummary[]> {
  return (await json<{ faults: readonly FaultSummary[] }>(answer)).faults
}

async function change(method: 'POST' | 'DELETE', url: string, body?: object): Promise<Response> {
  // The header makes the browser ask first when another site's page calls.
  const headers = { 'Content-Type': 'application/json', 'X-Mailgun-Emulator': '1' }
  return checked(await fetch(url, { method, headers, body: body ? JSON.stringify(body) : null }))
}

function submissionUrl(id: string): string {
  return `${root}/submissions/${encodeURIComponent(id)}`
}

function messageUrl(id: string): string {
  return `${root}/messages/${encodeURIComponent(id)}`
}

async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  return checked(await fetch(url, { signal: signal ?? null }))
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response
  const { message } = (await response.json().catch(() => ({}))) as { message?: string }
  throw new ApiError(response.status, message)
}

async function json<Answer>(response: Response): Promise<Answer> {
  return (await response.json()) as Answer
}
