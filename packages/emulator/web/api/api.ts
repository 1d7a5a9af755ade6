import { Api, type ApiRequest } from '../../src/client/api.ts'
import type {
  CopyDetail,
  EmulatorSummary,
  FaultEntry,
  FaultList,
  FaultSummary,
  MimePartSummary,
  SessionDetail,
  SubmissionDetail,
  SubmissionList,
} from '../../src/http/answers.ts'

// Beside the page, wherever a proxy has put it.
const api = new Api(new URL('.', document.baseURI).href)

export const streamUrl: string = api.urlOf({ path: '/stream' })
export const caUrl: string = new URL('ca.pem', api.base).href

export function htmlUrl(copyId: string, remoteImages: boolean): string {
  const query = { images: remoteImages ? 'remote' : undefined }
  return api.urlOf({ path: `${copyPath(copyId)}/html`, query })
}

export function partUrl(copyId: string, n: number): string {
  return api.urlOf({ path: `${copyPath(copyId)}/part/${n}` })
}

/** A part of the MIME tree, decoded. */
export function sectionUrl(copyId: string, section: string): string {
  return api.urlOf({ path: `${copyPath(copyId)}/mime/${section}` })
}

/** An attached mail, or a part by itself, as a page. */
export function sectionHtmlUrl(copyId: string, section: string): string {
  return `${sectionUrl(copyId, section)}/html`
}

/** The source of one recipient's copy, or of what SMTP brought: to be read, or as a file. */
export function sourceUrl(
  source: { readonly copyId: string } | { readonly submissionId: string },
  form: 'raw' | 'eml',
): string {
  const path = 'copyId' in source ? copyPath(source.copyId) : submissionPath(source.submissionId)
  return api.urlOf({ path: `${path}/${form}` })
}

export function getInfo(signal?: AbortSignal): Promise<EmulatorSummary> {
  return api.ask({ path: '/info', signal })
}

/** A page of the list, newest first. */
export function getSubmissions(
  page: { readonly search: string; readonly before?: string | undefined },
  signal?: AbortSignal,
): Promise<SubmissionList> {
  const query = { limit: 100, before: page.before, q: page.search.trim() || undefined }
  return api.ask({ path: '/submissions', query, signal })
}

export function getSubmission(id: string, signal?: AbortSignal): Promise<SubmissionDetail> {
  return api.ask({ path: submissionPath(id), signal })
}

export function getCopy(id: string, signal?: AbortSignal): Promise<CopyDetail> {
  return api.ask({ path: copyPath(id), signal })
}

export function getMime(copyId: string, signal?: AbortSignal): Promise<MimePartSummary> {
  return api.ask({ path: `${copyPath(copyId)}/mime`, signal })
}

export function getSession(id: string, signal?: AbortSignal): Promise<SessionDetail> {
  return api.ask({ path: `/sessions/${encodeURIComponent(id)}`, signal })
}

export async function getSource(url: string, signal?: AbortSignal): Promise<string> {
  return api.askText({ path: new URL(url).pathname.slice(apiPath.length), signal })
}

export function markRead(id: string, read: boolean): Promise<void> {
  return change({ method: 'PUT', path: submissionPath(id), body: { read } })
}

export function deleteSubmission(id: string): Promise<void> {
  return change({ method: 'DELETE', path: submissionPath(id) })
}

export function deleteSubmissions(): Promise<void> {
  return change({ method: 'DELETE', path: '/submissions' })
}

export async function getFaults(signal?: AbortSignal): Promise<readonly FaultSummary[]> {
  return (await api.ask<FaultList>({ path: '/faults', signal })).faults
}

/** Adds one to the others. */
export async function addFault(entry: FaultEntry): Promise<readonly FaultSummary[]> {
  return (await api.ask<FaultList>({ method: 'POST', path: '/faults', body: entry })).faults
}

export function deleteFaults(): Promise<void> {
  return change({ method: 'DELETE', path: '/faults' })
}

const apiPath = new URL(api.urlOf({ path: '' })).pathname

function change(request: ApiRequest): Promise<void> {
  return api.ask(request)
}

function submissionPath(id: string): string {
  return `/submissions/${encodeURIComponent(id)}`
}

function copyPath(id: string): string {
  return `/messages/${encodeURIComponent(id)}`
}
