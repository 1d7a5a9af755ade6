import type { Stage } from './fault.ts'

/** The property of a fault that names what it does. */
export type FaultAction =
  | 'reply'
  | 'delay'
  | 'stall'
  | 'drop'
  | 'end'
  | 'garbage'
  | 'split'
  | 'slow'
  | 'certificate'
  | 'starttls'
  | 'inject'

/** A cell of the table: what happens, or why there is no such fault. */
export type FaultCell = { readonly does: string } | { readonly not: string }

/** A row of the table. */
export interface FaultStage {
  /** When its moment comes. */
  readonly when: string
  readonly actions: Readonly<Record<FaultAction, FaultCell>>
}

const breaking = {
  stall: { does: 'says nothing more, and keeps the connection open' },
  drop: { does: 'resets the connection (RST)' },
  end: { does: 'closes the connection (FIN) without a word' },
}

const replying = {
  reply: {
    does: 'says this in place of the reply that was due; if the class of the code is another (5 for 2), the command has no effect',
  },
  delay: { does: 'holds the reply back so many milliseconds' },
  garbage: { does: 'sends bytes that are no reply in its place; the command has its effect' },
  split: { does: 'sends the reply one byte a packet' },
  slow: { does: 'sends the reply at so many bytes a second' },
}

const notOfReplies = {
  certificate: { not: "a certificate is shown in TLS: use at: 'tls'" },
  starttls: { not: "what becomes of STARTTLS is a fault of TLS: use at: 'tls'" },
  inject: { not: "only the change to TLS can be injected into: use at: 'tls'" },
}

const ofReplies = { ...replying, ...breaking, ...notOfReplies }

/** Every stage and what can go wrong there: the faults of the emulator, cell by cell. */
export const stages: Readonly<Record<Stage, FaultStage>> = {
  connect: {
    when: 'a client has connected; nothing was said, and no TLS begun',
    actions: {
      ...breaking,
      ...notOfReplies,
      reply: { does: 'says this in clear, on either port, and closes the connection' },
      delay: { does: 'leaves the client alone so many milliseconds, then goes on' },
      garbage: { not: "no reply is due: use at: 'greeting'" },
      split: { not: "no reply is due: use at: 'greeting'" },
      slow: { not: "no reply is due: use at: 'greeting'" },
    },
  },
  greeting: { when: 'the greeting is due', actions: ofReplies },
  ehlo: { when: 'EHLO or HELO was said', actions: ofReplies },
  starttls: { when: 'STARTTLS was said in clear', actions: ofReplies },
  tls: {
    when: 'the client begins its TLS handshake, on either port',
    actions: {
      reply: { not: "a handshake has no reply: use at: 'starttls' or at: 'greeting'" },
      delay: { does: 'holds the handshake back so many milliseconds' },
      stall: { does: 'never answers the handshake, and keeps the connection open' },
      drop: { does: 'resets the connection in the handshake (RST)' },
      end: { does: 'closes the connection (FIN) in the handshake' },
      garbage: { does: 'answers the handshake with bytes that are no TLS, and closes' },
      split: { not: "a handshake has no reply: use at: 'starttls' or at: 'greeting'" },
      slow: { not: "a handshake has no reply: use at: 'starttls' or at: 'greeting'" },
      certificate: {
        does: 'shows a certificate that is expired, for another name, or of an authority nobody knows',
      },
      starttls: {
        does: 'leaves STARTTLS out of the answer to EHLO and does not know it (absent), or offers it and answers 454 (refused); port with STARTTLS only',
      },
      inject: {
        does: 'glues a reply in clear to the one that announces TLS; port with STARTTLS only',
      },
    },
  },
  auth: { when: 'a login was given, good or bad', actions: ofReplies },
  mail: { when: 'MAIL was said', actions: ofReplies },
  rcpt: { when: 'RCPT was said', actions: ofReplies },
  data: {
    when: 'DATA was said: in place of 354',
    actions: ofReplies,
  },
  body: {
    when: 'the message is coming, and `afterBytes` bytes of it (default 0) were taken',
    actions: {
      ...breaking,
      ...notOfReplies,
      reply: {
        does: 'refuses the message (code 400 to 599) while it still comes; its end gets no reply of its own',
      },
      delay: { does: 'reads nothing for so many milliseconds, then goes on' },
      garbage: { does: 'sends bytes that are no reply, then goes on' },
      split: { not: "no reply is due: use at: 'final'" },
      slow: { does: 'reads the rest at so many bytes a second' },
    },
  },
  final: {
    when: 'the whole message is there: in place of its acknowledgement',
    actions: {
      ...ofReplies,
      reply: {
        does: 'says this; with a code of 200 to 299 the message is kept, else it is not',
      },
      delay: { does: 'keeps the message, and holds the reply back so many milliseconds' },
      garbage: { does: 'keeps the message, and sends bytes that are no reply' },
      split: { does: 'keeps the message, and sends the reply one byte a packet' },
      slow: { does: 'keeps the message, and sends the reply at so many bytes a second' },
      stall: { does: "'before-store' or 'after-store': keeps it or not, then says nothing more" },
      drop: { does: "'before-store' or 'after-store': keeps it or not, then resets" },
      end: { does: "'before-store' or 'after-store': keeps it or not, then closes" },
    },
  },
  quit: { when: 'QUIT was said', actions: ofReplies },
  idle: {
    when: 'the client said nothing for the idle timeout, by the clock',
    actions: {
      ...ofReplies,
      stall: { does: 'does not hang up, and says nothing more' },
    },
  },
}
