// A line to a port on which every byte takes so many milliseconds, in each direction.
import { connect, createServer } from 'node:net'

const [port, delay] = process.argv.slice(2).map(Number)

const server = createServer({ noDelay: true }, (near) => {
  const far = connect({ port, host: '127.0.0.1', noDelay: true })
  relay(near, far)
  relay(far, near)
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.once('disconnect', () => process.exit())

function relay(from, to) {
  from.on('data', (bytes) => later(() => to.write(bytes)))
  from.on('end', () => later(() => to.end()))
  from.on('error', () => to.destroy())
}

function later(run) {
  if (delay === 0) run()
  else setTimeout(run, delay)
}
