import { once } from 'node:events'
import { connect } from 'node:net'

/** A session in clear that waits for every reply and pipelines as nodemailer does: the least that a client costs. */
export async function openSession(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.setEncoding('latin1')
  let text = ''
  let waiting
  socket.on('data', (data) => {
    text += data
    look()
  })
  socket.once('close', () => waiting?.reject(new Error('The server hung up.')))

  await replies(1)
  socket.write('EHLO bench\r\n')
  await replies(1)
  return {
    /** @throws {Error} if the message is not taken. */
    async send({ from, to, source }) {
      socket.write(`MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`)
      await replies(3)
      socket.write(`${source}\r\n.\r\n`)
      const [answer] = await replies(1)
      if (!answer.startsWith('250')) throw new Error(`Not taken: ${answer}`)
    },
    async quit() {
      socket.end('QUIT\r\n')
      await once(socket, 'close')
    },
  }

  function replies(count) {
    return new Promise((resolve, reject) => {
      waiting = { count, resolve, reject }
      look()
    })
  }

  function look() {
    if (!waiting) return
    const lines = text.split('\r\n').slice(0, -1)
    // The last line of a reply has a space where the others have a hyphen.
    if (lines.filter((line) => line[3] === ' ').length < waiting.count) return
    const { resolve } = waiting
    waiting = undefined
    text = ''
    resolve(lines)
  }
}
