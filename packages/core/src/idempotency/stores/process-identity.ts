import { createHash } from 'node:crypto'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** What tells one process from every other, before it and beside it. Where the system does not say, a field is '0'. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in ticks since the machine did. */
  readonly start: string
  /** Which start of the machine that was. */
  readonly boot: string
  /** The machine and the space of its process ids, which a container has of its own. */
  readonly place: string
}

/** This process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  const boot = await said(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))
  const space = await said(readlink('/proc/self/ns/pid'))
  return {
    pid: process.pid,
    start: (await statusOf(process.pid))?.start ?? '0',
    boot: digest(boot),
    place: digest(`${hostname()} ${space}`),
  }
}

/** Whether a process lives, as far as it can be known from another. */
export async function lifeOf(
  other: ProcessIdentity,
  self: ProcessIdentity,
): Promise<'alive' | 'dead' | 'out of sight'> {
  if (other.place !== self.place) return 'out of sight'
  if (other.boot !== self.boot || !isRunning(other.pid)) return 'dead'
  const status = await statusOf(other.pid)
  // A zombie writes nothing any more; and another process may have got the same id since.
  if (status && (/[ZX]/.test(status.state) || status.start !== other.start)) return 'dead'
  return 'alive'
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return Reflect.get(Object(error), 'code') !== 'ESRCH'
  }
}

/** State and start of a process (proc_pid_stat(5), fields 3 and 22), where the system shows them. */
async function statusOf(pid: number): Promise<{ state: string; start: string } | undefined> {
  const text = await said(readFile(`/proc/${pid}/stat`, 'utf8'))
  // The second field is the program's name in parentheses, which may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, start] = [fields[0], fields[19]]
  return state && start ? { state, start } : undefined
}

async function said(reading: Promise<string>): Promise<string> {
  try {
    return await reading
  } catch {
    // Not Linux, or hidden: then the process id alone has to do.
    return ''
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
