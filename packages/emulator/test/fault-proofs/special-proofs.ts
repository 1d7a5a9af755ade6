import { once } from 'node:events'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { expect } from 'vitest'
import type { Fault, Stage } from '../../src/faults/fault.ts'
import type { OpenSmtp } from '../clients/open-smtp.ts'
import { Wire } from '../clients/wire.ts'
import { bodyProofs, finalProofs } from './message-proofs.ts'
import type { Proofs } from './proof.ts'
import { roundTrip } from './stage-walk.ts'

const ports = ['port', 'securePort'] as const
const ready = '220 Mailgun Influx ready\r\n'

/** Connects in clear, to either port. */
function openAt({ host, ...smtp }: OpenSmtp, port: (typeof ports)[number]): Promise<Wire> {
  return Wire.open({ host, port: smtp[port] })
}

/** Says STARTTLS, or connects to the other port; what follows is a handshake. */
async function beforeHandshake(smtp: OpenSmtp, port: (typeof ports)[number]): Promise<Wire> {
  const wire = await openAt(smtp, port)
  if (port === 'port') {
    await wire.until(ready)
    await wire.ask('STARTTLS\r\n', 'ahead\r\n')
  }
  return wire
}

/** What a client's verification finds, with the authority it was given. */
async function verificationOf({ host, securePort, ca }: OpenSmtp): Promise<string> {
  const socket: TLSSocket = connectTls({ host, port: securePort, ca })
  try {
    await once(socket, 'secureConnect')
    return 'good'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? ''
  } finally {
    socket.destroy()
  }
}

const connectProofs: Proofs = {
  reply: async ({ smtp }) => {
    for (const port of ports) {
      const armed = smtp.faults.next({ at: 'connect', reply: [421, ['too busy', 'go away']] })
      const wire = await openAt(smtp, port)
      expect(await wire.untilOver()).toBe('421-too busy\r\n421 go away\r\n')
      expect([wire.ending, armed.fired]).toEqual(['end', 1])
    }
  },
  delay: async ({ smtp }) => {
    smtp.faults.next({ at: 'connect', delay: 60 })
    const start = performance.now()
    const wire = await openAt(smtp, 'port')
    expect(await wire.until(ready)).toBe(ready)
    expect(performance.now() - start).toBeGreaterThan(55)
    wire.close()
    smtp.faults.next({ at: 'connect', delay: 60 })
    const again = performance.now()
    const secure = await Wire.openSecure(smtp)
    expect(performance.now() - again).toBeGreaterThan(55)
    expect(await secure.until(ready)).toBe(ready)
    secure.close()
  },
  stall: async ({ smtp, clock }) => {
    for (const port of ports) {
      smtp.faults.next({ at: 'connect', stall: true })
      const wire = await openAt(smtp, port)
      wire.send('EHLO x\r\n')
      await roundTrip(smtp)
      clock.advance('10m')
      await roundTrip(smtp)
      expect([wire.received, wire.ending]).toEqual(['', undefined])
      wire.close()
    }
  },
  drop: async ({ smtp }) => {
    for (const port of ports) {
      smtp.faults.next({ at: 'connect', drop: true })
      const wire = await openAt(smtp, port)
      expect([await wire.untilOver(), wire.ending]).toEqual(['', 'reset'])
    }
  },
  end: async ({ smtp }) => {
    for (const port of ports) {
      smtp.faults.next({ at: 'connect', end: true })
      const wire = await openAt(smtp, port)
      expect([await wire.untilOver(), wire.ending]).toEqual(['', 'end'])
    }
  },
}

const tlsProofs: Proofs = {
  delay: async ({ smtp }) => {
    smtp.faults.next(2, { at: 'tls', delay: 60 })
    for (const port of ports) {
      const start = performance.now()
      const wire = port === 'port' ? await beforeHandshake(smtp, port) : undefined
      if (wire) await wire.startTls(smtp.ca)
      const secure = wire ?? (await Wire.openSecure(smtp))
      expect(performance.now() - start).toBeGreaterThan(55)
      if (!wire) await secure.until(ready)
      expect(await secure.ask('NOOP\r\n', 'OK\r\n')).toBe('250 OK\r\n')
      secure.close()
    }
  },
  stall: async ({ smtp, clock }) => {
    for (const port of ports) {
      smtp.faults.next({ at: 'tls', stall: true })
      const wire = await beforeHandshake(smtp, port)
      let isDone = false
      void wire.startTls(smtp.ca).then(() => (isDone = true))
      await roundTrip(smtp)
      clock.advance('10m')
      await roundTrip(smtp)
      expect([isDone, wire.ending]).toEqual([false, undefined])
      wire.close()
    }
  },
  drop: async ({ smtp }) => {
    for (const port of ports) {
      smtp.faults.next({ at: 'tls', drop: true })
      const wire = await beforeHandshake(smtp, port)
      expect([wire.received, wire.ending]).toEqual(['', undefined])
      wire.send('any first word')
      expect([await wire.untilOver(), wire.ending]).toEqual(['', 'reset'])
    }
  },
  end: async ({ smtp }) => {
    for (const port of ports) {
      smtp.faults.next({ at: 'tls', end: true })
      const wire = await beforeHandshake(smtp, port)
      wire.send('any first word')
      expect([await wire.untilOver(), wire.ending]).toEqual(['', 'end'])
    }
  },
  garbage: async ({ smtp }) => {
    for (const port of ports) {
      smtp.faults.next({ at: 'tls', garbage: 'HTTP/1.1 400 Bad Request\r\n' })
      const wire = await beforeHandshake(smtp, port)
      wire.send('any first word')
      expect(await wire.untilOver()).toBe('HTTP/1.1 400 Bad Request\r\n')
    }
  },
  certificate: async ({ smtp }) => {
    const findings = {
      expired: 'CERT_HAS_EXPIRED',
      'wrong-name': 'ERR_TLS_CERT_ALTNAME_INVALID',
      'unknown-ca': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    } as const
    for (const [certificate, code] of Object.entries(findings)) {
      const fault = { at: 'tls', certificate } as Fault
      smtp.faults.next(2, fault)
      expect(await verificationOf(smtp)).toBe(code)
      const wire = await beforeHandshake(smtp, 'port')
      await expect(wire.startTls(smtp.ca)).rejects.toMatchObject({ code })
      wire.close()
    }
    expect(await verificationOf(smtp)).toBe('good')
  },
  starttls: async ({ smtp }) => {
    const absent = smtp.faults.next({ at: 'tls', starttls: 'absent' })
    const wire = await openAt(smtp, 'port')
    await wire.until(ready)
    expect(await wire.ask('EHLO x\r\n', '250 PIPELINING\r\n')).not.toContain('STARTTLS')
    const unknown = '500 Syntax error, command unrecognized\r\n'
    expect(await wire.ask('STARTTLS\r\n', '\r\n')).toBe(unknown)
    expect(await wire.ask('EHLO x\r\n', '\r\n')).toContain('250 STARTTLS\r\n')
    smtp.faults.next({ at: 'tls', starttls: 'refused' })
    const refusal = '454 TLS not available due to temporary reason\r\n'
    expect(await wire.ask('STARTTLS\r\n', '\r\n')).toBe(refusal)
    expect(await wire.ask('STARTTLS\r\n', '\r\n')).toBe('220 Go ahead\r\n')
    await wire.startTls(smtp.ca)
    expect(absent.fired).toBe(1)
    wire.close()
  },
  inject: async ({ smtp }) => {
    smtp.faults.next({ at: 'tls', inject: 'plaintext' })
    const wire = await openAt(smtp, 'port')
    await wire.until(ready)
    wire.send('STARTTLS\r\n')
    while (wire.received === '') await roundTrip(smtp)
    expect(wire.received).toBe('220 Go ahead\r\n250 injected\r\n')
    expect(wire.sizes).toHaveLength(1)
    await wire.startTls(smtp.ca)
    wire.forget()
    expect(await wire.ask('NOOP\r\n', 'OK\r\n')).toBe('250 OK\r\n')
    wire.close()
  },
}

/** Cells that are not those of any reply: they have no reply, or something hangs on it. */
export const specialProofs: Readonly<Partial<Record<Stage, Proofs>>> = {
  connect: connectProofs,
  tls: tlsProofs,
  body: bodyProofs,
  final: finalProofs,
}
