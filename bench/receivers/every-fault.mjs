const reply = { reply: [451, '4.3.0 Try again later'] }
const replying = [reply, { delay: 20 }, { garbage: true }, { split: true }, { slow: 5_000 }]
const breaking = [{ stall: true }, { drop: true }, { end: true }]
const keeping = ['before-store', 'after-store'].flatMap((moment) => [
  { stall: moment },
  { drop: moment },
  { end: moment },
])
const ofTls = [
  { delay: 20 },
  { garbage: true },
  { certificate: 'expired' },
  { certificate: 'wrong-name' },
  { certificate: 'unknown-ca' },
  { starttls: 'absent' },
  { starttls: 'refused' },
  { inject: 'plaintext' },
]
const commands = ['greeting', 'ehlo', 'starttls', 'auth', 'mail', 'rcpt', 'data', 'quit']

/** One of each kind at each of its stages, but for idle, which nobody here waits for. */
export const everyFault = [
  ...at('connect', [...breaking, reply, { delay: 20 }]),
  ...at('tls', [...breaking, ...ofTls]),
  ...commands.flatMap((stage) => at(stage, [...replying, ...breaking])),
  ...at('body', [...breaking, reply, { delay: 20 }, { garbage: true }, { slow: 50_000 }]).map(
    (fault) => ({ ...fault, afterBytes: 500 }),
  ),
  ...at('final', [...replying, ...keeping]),
]

function at(stage, actions) {
  return actions.map((action) => ({ at: stage, ...action }))
}
