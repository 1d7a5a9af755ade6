import { encryption } from './encryption.ts'
import { lostConnections } from './lost-connections.ts'
import { oddReplies } from './odd-replies.ts'
import { refusingReplies } from './refusing-replies.ts'
import type { Row } from './row.ts'
import { slowServers } from './slow-servers.ts'
import type { Way } from '../../scene/ways.ts'

/** Every row of the sweep. */
export const faults: readonly Row[] = [
  ...lostConnections,
  ...refusingReplies,
  ...slowServers,
  ...encryption,
  ...oddReplies,
]

/** The ports a row is for. */
export function portsOf({ ports = ['starttls', 'implicit'] }: Row): readonly Way['port'][] {
  return ports
}

/** The ports where a row matters most: with both, where the session begins; else that of STARTTLS, which has all its words. */
export function chiefPortsOf(row: Row): readonly Way['port'][] {
  const begins = ['connect', 'greeting', 'tls'].includes(row.fault.at)
  return begins ? portsOf(row) : ['starttls']
}
