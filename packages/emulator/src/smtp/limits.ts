/** What a server bears; the rest of its bounds are constants beside this. */
export interface ServerLimits {
  readonly connections: number
  /** The largest message, as EHLO's SIZE states it. */
  readonly messageBytes: number
  readonly recipients: number
  /** Without a word from the client, on the server's clock. */
  readonly idleMilliseconds: number
}

/** Mailgun's own, where they are known. */
export const mailgunLimits: ServerLimits = {
  connections: 1_000,
  /** SIZE in every transcript of EHLO. Mailgun's pages say 25 MB. */
  messageBytes: 52_428_800,
  recipients: 1_000,
  /** Mailgun closed connections idle for five minutes (said by its support in 2013). */
  idleMilliseconds: 300_000,
}

/** The server's own bounds, which no honest client meets. */
export const bounds = {
  /** RFC 4954 asks for 12,288 bytes in an AUTH exchange; other commands are far shorter. */
  lineBytes: 16_384,
  /** Recipient variables for 1,000 recipients take about half of it. */
  headerBytes: 4_000_000,
  headerFields: 5_000,
  /** Enough to try things by hand; a client that never logs in has no business beyond it. */
  commandsBeforeLogin: 100,
  /** Of all messages that are being received at the same moment. */
  bytesInFlight: 1_000_000_000,
  /** How long a client may take to close its side after the server closed its own. */
  lingerMilliseconds: 1_000,
} as const
