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
  stall: { does: 'sends nothing more, and keeps the connection open' },
  drop: { does: 'resets the connection (RST)' },
  end: { does: 'closes the connection (FIN) without a reply' },
}

const replying = {
  reply: {
    does: 'sends this reply instead of the usual one; if the first digit of the code differs (5 instead of 2), the command has no effect',
  },
  delay: { does: 'delays the reply by this many milliseconds' },
  garbage: {
    does: 'sends bytes that are not a reply instead of the reply; the command still has its effect',
  },
  split: { does: 'sends the reply one byte for each packet' },
  slow: { does: 'sends the reply at this many bytes per second' },
}

const notOfReplies = {
  certificate: { not: "a certificate is shown in TLS: use at: 'tls'" },
  starttls: { not: "STARTTLS belongs to the stage tls: use at: 'tls'" },
  inject: { not: "bytes can be injected only into STARTTLS: use at: 'tls'" },
}

const ofReplies = { ...replying, ...breaking, ...notOfReplies }

/** Every stage and what can go wrong there: the faults of the emulator, cell by cell. */
export const stages: Readonly<Record<Stage, FaultStage>> = {
  connect: {
    when: 'a client has connected, before the greeting and before TLS',
    actions: {
      ...breaking,
      ...notOfReplies,
      reply: { does: 'sends this reply unencrypted, on either port, and closes the connection' },
      delay: { does: 'waits this many milliseconds, then continues' },
      garbage: { not: "the server does not reply here: use at: 'greeting'" },
      split: { not: "the server does not reply here: use at: 'greeting'" },
      slow: { not: "the server does not reply here: use at: 'greeting'" },
    },
  },
  greeting: { when: 'the server is about to send its greeting', actions: ofReplies },
  ehlo: { when: 'the client has sent EHLO or HELO', actions: ofReplies },
  starttls: { when: 'the client has sent STARTTLS, unencrypted', actions: ofReplies },
  tls: {
    when: 'the client starts its TLS handshake, on either port',
    actions: {
      reply: { not: "a handshake has no reply: use at: 'starttls' or at: 'greeting'" },
      delay: { does: 'delays the handshake by this many milliseconds' },
      stall: { does: 'never answers the handshake, and keeps the connection open' },
      drop: { does: 'resets the connection in the handshake (RST)' },
      end: { does: 'closes the connection (FIN) in the handshake' },
      garbage: {
        does: 'answers the handshake with bytes that are not TLS, and closes the connection',
      },
      split: { not: "a handshake has no reply: use at: 'starttls' or at: 'greeting'" },
      slow: { not: "a handshake has no reply: use at: 'starttls' or at: 'greeting'" },
      certificate: {
        does: 'shows a certificate that is expired, that is for another name, or that comes from an unknown CA',
      },
      starttls: {
        does: '`absent`: does not offer STARTTLS and does not know the command; `refused`: offers it and answers 454; only on the STARTTLS port',
      },
      inject: {
        does: 'appends an unencrypted reply to the one that announces TLS; only on the STARTTLS port',
      },
    },
  },
  auth: { when: 'the client has sent a login, right or wrong', actions: ofReplies },
  mail: { when: 'the client has sent MAIL', actions: ofReplies },
  rcpt: { when: 'the client has sent RCPT', actions: ofReplies },
  data: {
    when: 'the client has sent DATA; the fault replaces 354',
    actions: ofReplies,
  },
  body: {
    when: 'the message is being received, after `afterBytes` bytes (default 0)',
    actions: {
      ...breaking,
      ...notOfReplies,
      reply: {
        does: 'refuses the message (code 400 to 599) while it is being received; its end gets no other reply',
      },
      delay: { does: 'reads nothing for this many milliseconds, then continues' },
      garbage: { does: 'sends bytes that are not a reply, then continues' },
      split: { not: "the server does not reply here: use at: 'final'" },
      slow: { does: 'reads the rest at this many bytes per second' },
    },
  },
  final: {
    when: 'the whole message has been received; the fault replaces its acknowledgement',
    actions: {
      ...ofReplies,
      reply: {
        does: 'sends this reply; the message is kept only with a code of 200 to 299',
      },
      delay: { does: 'keeps the message, and delays the reply by this many milliseconds' },
      garbage: { does: 'keeps the message, and sends bytes that are not a reply' },
      split: { does: 'keeps the message, and sends the reply one byte for each packet' },
      slow: { does: 'keeps the message, and sends the reply at this many bytes per second' },
      stall: {
        does: "'before-store' or 'after-store': drops or keeps the message, then sends nothing more",
      },
      drop: {
        does: "'before-store' or 'after-store': drops or keeps the message, then resets the connection",
      },
      end: {
        does: "'before-store' or 'after-store': drops or keeps the message, then closes the connection",
      },
    },
  },
  quit: { when: 'the client has sent QUIT', actions: ofReplies },
  idle: {
    when: "the client has sent nothing for the idle timeout, by the emulator's clock",
    actions: {
      ...ofReplies,
      stall: { does: 'does not close the connection, and sends nothing more' },
    },
  },
}
