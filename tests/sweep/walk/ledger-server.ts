import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Kind, Moment } from './kinds.ts'

/** What the server does during one send. */
export interface Orders {
  readonly kind: Kind | undefined
  /** At how many of the moments that come it does so, from which one on. */
  readonly times: number
  readonly from: number
  /** Whether it takes a message whose end it answers with something else than 250. */
  readonly takes: boolean
  /** What it answers to RCPT of these, as often as this says. */
  readonly refusals: ReadonlyMap<string, string[]>
}

const usual: Readonly<Record<Moment, string>> = {
  greeting: '220 ready',
  ehlo: '250-ledger\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 50000000\r\n250 AUTH PLAIN LOGIN',
  auth: '235 2.7.0 ok',
  mail: '250 2.1.0 ok',
  rcpt: '250 2.1.5 ok',
  data: '354 go on',
  body: '',
  dot: '250 2.0.0 taken',
}

/**
 * A server that misbehaves, and keeps a ledger of what it took. It was written from RFC 5321 alone and shares nothing with the
 * emulator: a mistake in one does not hide in the other.
 */
export class LedgerServer implements AsyncDisposable {
  /** How many copies it took for each address. */
  readonly #ledger = new Map<string, number>()
  orders: Orders | undefined
  /** Whether it said a 5yz to the message or a recipient during the orders. */
  saidNo = false
  /** How many moments of the kind came during the orders. */
  moments = 0
  readonly #sockets = new Set<Socket>()
  readonly #server: Server

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      socket.on('error', () => undefined)
      new Session(this, socket).begin()
    })
  }

  static async open(): Promise<LedgerServer> {
    const server = new LedgerServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Begins the next send. */
  order(orders: Orders): void {
    this.orders = orders
    this.saidNo = false
    this.moments = 0
  }

  /** How many copies it took for an address. */
  copies(address: string): number {
    return this.#ledger.get(address) ?? 0
  }

  /** It takes a message for these. */
  enter(recipients: readonly string[]): void {
    for (const address of recipients) this.#ledger.set(address, this.copies(address) + 1)
  }

  /** Resolves when every connection is closed; `false` if that takes longer than a second. */
  async isDeserted(): Promise<boolean> {
    for (const end = Date.now() + 1000; this.#sockets.size > 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return this.#sockets.size === 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

class Session {
  readonly #server: LedgerServer
  readonly #socket: Socket
  #input = ''
  #recipients: string[] = []
  #body: string | undefined
  #isDeaf = false
  #logins = 0
  #isBodyBegun = false
  #early: 'yes' | 'no' | undefined
  #isPastLogin = false
  /** What is written goes in order, however slowly. */
  #writing: Promise<void> = Promise.resolve()

  constructor(server: LedgerServer, socket: Socket) {
    this.#server = server
    this.#socket = socket
  }

  begin(): void {
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (chunk) => this.#read(String(chunk)))
    this.#answer('greeting')
  }

  #read(chunk: string): void {
    if (this.#isDeaf) return
    this.#input += chunk
    for (;;) {
      if (this.#body !== undefined) {
        if (!this.#readBody()) return
        continue
      }
      const end = this.#input.indexOf('\r\n')
      if (end < 0) return
      const line = this.#input.slice(0, end)
      this.#input = this.#input.slice(end + 2)
      this.#obey(line)
      if (this.#isDeaf) return
    }
  }

  #readBody(): boolean {
    if (!this.#isBodyBegun) {
      this.#isBodyBegun = true
      this.#beginBody()
      if (this.#isDeaf) return false
    }
    const whole = `${this.#body ?? ''}${this.#input}`
    const end = whole.startsWith('.\r\n') ? 0 : whole.indexOf('\r\n.\r\n') + 2
    if (end === 1) {
      this.#body = whole
      this.#input = ''
      return false
    }
    this.#body = undefined
    this.#input = whole.slice(end + 3)
    this.#finish()
    return true
  }

  /** A clean reply while the message is on its way is its last word, if the client cannot tell it from one to the dot. */
  #beginBody(): void {
    const fault = this.#fault('body')
    if (isRefusal(fault?.says)) this.#early = 'no'
    else if (fault?.says?.includes('%')) this.#early = 'yes'
    this.#say('body', fault)
  }

  #finish(): void {
    const early = this.#early
    this.#early = undefined
    if (early === 'no') {
      this.#recipients = []
      return
    }
    const fault = this.#fault('dot')
    const says = fault?.says ?? (fault ? '' : '%\r\n')
    // A whole 250 is its word, whatever follows. With anything else it may have taken the message or not.
    const isClean = /^(?:%|250 [^\r\n]*)\r\n/.test(says)
    const takes =
      early === 'yes' || isClean || (!isRefusal(says) && (this.#server.orders?.takes ?? true))
    if (takes) this.#server.enter(this.#recipients)
    this.#recipients = []
    this.#say('dot', fault)
  }

  #obey(line: string): void {
    const verb = line.slice(0, 4).toUpperCase()
    if (this.#logins > 0) {
      this.#logins -= 1
      if (this.#logins > 0) this.#write('334 UGFzc3dvcmQ6\r\n')
      else this.#answer('auth')
    } else if (verb === 'EHLO' || verb === 'HELO') this.#answer('ehlo')
    else if (verb === 'AUTH') {
      if (/ plain /i.test(`${line} `)) return this.#answer('auth')
      this.#logins = 2
      this.#write('334 VXNlcm5hbWU6\r\n')
    } else if (verb === 'MAIL') {
      this.#recipients = []
      this.#isPastLogin = true
      this.#answer('mail')
    } else if (verb === 'RCPT') this.#takeRecipient(line)
    else if (verb === 'DATA') this.#data()
    else if (verb === 'RSET') {
      this.#recipients = []
      this.#write('250 ok\r\n')
    } else if (verb === 'QUIT') {
      this.#write('221 bye\r\n')
      this.#socket.end()
    } else this.#write('502 unknown\r\n')
  }

  #takeRecipient(line: string): void {
    const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
    const refusal = this.#server.orders?.refusals.get(address)?.shift()
    if (refusal !== undefined) return this.#write(`${refusal} canary-to@far.test\r\n`)
    const fault = this.#fault('rcpt')
    // Whatever else it says than no, it may count the recipient.
    if (!isRefusal(fault?.says)) this.#recipients.push(address)
    this.#say('rcpt', fault)
  }

  #data(): void {
    if (this.#recipients.length === 0) return this.#write('503 no recipients\r\n')
    const fault = this.#fault('data')
    const says = fault?.says ?? (fault ? '' : '%')
    if (says.startsWith('%') || says.includes('354')) {
      this.#body = ''
      this.#isBodyBegun = false
    }
    this.#say('data', fault)
  }

  #answer(moment: Moment): void {
    this.#say(moment, this.#fault(moment))
  }

  /** The fault that is due now. */
  #fault(moment: Moment): Kind | undefined {
    const { orders } = this.#server
    if (orders?.kind?.at !== moment) return undefined
    this.#server.moments += 1
    const since = this.#server.moments - orders.from
    return since > 0 && since <= orders.times ? orders.kind : undefined
  }

  #say(moment: Moment, fault: Kind | undefined): void {
    const reply = usual[moment]
    if (!fault) {
      if (reply !== '') this.#write(`${reply}\r\n`)
      return
    }
    const { says, pace, ends } = fault
    // It has no reply of its own while the body is on its way.
    const text =
      moment === 'body' && says?.includes('%') ? '250 early\r\n' : says?.replaceAll('%', reply)
    if (text !== undefined) this.#write(text, pace)
    if (ends === undefined) return
    this.#isDeaf = true
    if (ends === 'deaf') return
    this.#writing = this.#writing.then(() => {
      if (ends === 'end') this.#socket.end()
      else this.#socket.resetAndDestroy()
    })
  }

  #write(text: string, pace?: Kind['pace']): void {
    if (this.#isPastLogin && /(?:^|\n)5\d\d/.test(text)) this.#server.saidNo = true
    const pieces = pace === 'bytes' ? Array.from(text) : [text]
    this.#writing = this.#writing.then(async () => {
      if (pace === 'late') await new Promise((resolve) => setTimeout(resolve, 20))
      for (const piece of pieces) {
        this.#socket.write(piece, 'latin1')
        if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve))
      }
    })
  }
}

/** Whether every line of a reply refuses. */
function isRefusal(says: string | undefined): boolean {
  return says !== undefined && /^[45]\d\d[ -]/.test(says) && !says.includes('250')
}
