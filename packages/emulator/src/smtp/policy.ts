import type { Login } from './authentication.ts'
import type { Reply } from './reply.ts'

/** How a session's bytes travel: in clear, in TLS after STARTTLS, or in TLS from the first byte. */
export type Security = 'none' | 'starttls' | 'implicit'

/** The conversation in which a message came. */
export interface SessionInfo {
  readonly id: string
  readonly secure: Security
  /** The TLS version, such as `TLSv1.3`. */
  readonly tls?: string | undefined
  /** The login. */
  readonly user?: string | undefined
}

/** A message that was accepted, and how it came. */
export interface Delivery {
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly raw: Buffer
  readonly session: SessionInfo
}

/** By what a message that was kept is known, and whom it reaches. */
export interface KeptMessage {
  readonly id: string
  readonly messageId: string | undefined
  /** Without those whose servers it cannot be handed to. */
  readonly recipients: readonly string[]
}

/** The judge of a session: each question is answered with a refusal, or `undefined` to go on. */
export interface SessionPolicy {
  /** The name in the first line that answers EHLO: 12 hex digits, as Mailgun's. */
  readonly serverId: string
  /** Without a login, the server relays no mail and accepts few commands. */
  readonly needsLogin: boolean
  /** After a refusal the server hangs up. */
  login(login: Login, session: SessionInfo): Reply | undefined
  sender(address: string, session: SessionInfo): Reply | undefined
  recipient(address: string, session: SessionInfo): Reply | undefined
  /** In place of 354; a refusal ends the transaction. */
  data(envelope: Delivery['envelope'], session: SessionInfo): Reply | undefined
  /** After the dot. */
  message(delivery: Delivery): Reply | undefined
  /** Keeps a message that nothing was said against; throws if it cannot be kept. */
  accept(delivery: Delivery): KeptMessage
}
