/** Where in a conversation a fault strikes. */
export type Stage =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'final'
  | 'quit'
  | 'idle'

/** A reply of the server. Several strings make a reply of several lines. */
export type FaultReply = readonly [code: number, text: string | readonly string[]]

interface ReplyAction {
  /** Said in place of what was due. */
  readonly reply: FaultReply
}
interface DelayAction {
  /** Milliseconds, of real time. */
  readonly delay: number
}
interface GarbageAction {
  /** Bytes instead of a reply; `true` for some that are not SMTP. */
  readonly garbage: true | string | Uint8Array
}
interface SplitAction {
  /** The reply comes one byte a packet. */
  readonly split: true
}
interface SlowAction {
  /** Bytes per second. */
  readonly slow: number
}
interface SilentAction<When> {
  /** Nothing more is said, and the connection stays open. */
  readonly stall: When
}
interface ResetAction<When> {
  /** The connection is reset. */
  readonly drop: When
}
interface EndAction<When> {
  /** The connection is closed without a word. */
  readonly end: When
}

type BreakingAction<When = true> = SilentAction<When> | ResetAction<When> | EndAction<When>
type ReplyingAction = ReplyAction | DelayAction | GarbageAction | SplitAction | SlowAction

interface CertificateAction {
  /** What the client's verification has to find. */
  readonly certificate: 'expired' | 'wrong-name' | 'unknown-ca'
}
interface StartTlsAction {
  /** Not offered, as if an attacker on the way removes it; or offered and then refused. */
  readonly starttls: 'absent' | 'refused'
}
interface InjectAction {
  /** A reply in clear, glued to the one that announces TLS. */
  readonly inject: 'plaintext'
}

/** A moment in which the message is not yet kept, or already is. */
export type StoreMoment = 'before-store' | 'after-store'

/** What goes wrong, and where. */
export type Fault =
  | ({ readonly at: 'connect' } & (BreakingAction | ReplyAction | DelayAction))
  | ({
      readonly at:
        | 'greeting'
        | 'ehlo'
        | 'starttls'
        | 'auth'
        | 'mail'
        | 'rcpt'
        | 'data'
        | 'quit'
        | 'idle'
    } & (BreakingAction | ReplyingAction))
  | ({ readonly at: 'tls' } & (
      | BreakingAction
      | DelayAction
      | GarbageAction
      | CertificateAction
      | StartTlsAction
      | InjectAction
    ))
  | ({
      readonly at: 'body'
      /** How many bytes of the message are taken first. Default: 0. */
      readonly afterBytes?: number | undefined
    } & (BreakingAction | ReplyAction | DelayAction | GarbageAction | SlowAction))
  | ({ readonly at: 'final' } & (BreakingAction<StoreMoment> | ReplyingAction))

/** The moment of a session that a fault may strike. */
export interface FaultMoment {
  readonly at: Stage
  readonly session: {
    readonly id: string
    /** Which connection this is, counted from 1. */
    readonly number: number
    readonly port: 'starttls' | 'implicit'
    /** The login; at `auth` the one that was just given. */
    readonly user?: string | undefined
    /** How many messages the session has brought. */
    readonly messages: number
  }
  /** Of MAIL; at `mail` the address that was just given. */
  readonly from: string | undefined
  /** Of RCPT, those accepted; at `rcpt` the last is the one just given. */
  readonly to: readonly string[]
}
