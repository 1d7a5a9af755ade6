import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import path from 'node:path'

/** Starts one of receivers/ in a process of its own. */
export async function startModule(name) {
  const file = path.join(import.meta.dirname, 'receivers', `${name}.mjs`)
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ port }] = await once(child, 'message')
  return {
    name,
    port,
    /** Processor time so far, in µs. */
    cpu: async () => {
      child.send('cpu')
      return (await once(child, 'message'))[0]
    },
    stop: () => stop(child),
  }
}

/** Starts a program that takes the port it is given; its processor time comes in steps of 10 ms, and from Linux only. */
export async function startProgram(name, command, argumentsFor) {
  const port = await freePort()
  const child = spawn(command, argumentsFor(port), { stdio: 'ignore' })
  // Nothing else would end it with this process.
  process.once('exit', () => child.kill())
  await Promise.race([answers(port), failed(name, child)])
  return { name, port, cpu: async () => processorTime(child.pid), stop: () => stop(child) }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}

async function failed(name, child) {
  const [reason] = await Promise.race([once(child, 'exit'), once(child, 'error')])
  throw new Error(`${name} does not run: ${reason}`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port) {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'data', { signal: AbortSignal.timeout(2_000) })
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      socket.destroy()
    }
  }
  throw new Error(`Nothing greets on port ${port}.`)
}

let ticksPerSecond

function processorTime(pid) {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  // The program's name, in brackets, may hold spaces.
  const [, fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const [user, system] = fields.split(' ').slice(11, 13).map(Number)
  return ((user + system) / ticksPerSecond) * 1e6
}
