// smtp-server of npm, told what to do in its first argument: see Place in server-kind.ts.
import { createWriteStream, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'

const place = JSON.parse(process.argv[2])
const seen = new Set()
let taken = 0

function refusal(responseCode, message) {
  return Object.assign(new Error(message), { responseCode })
}

const server = new SMTPServer({
  cert: readFileSync(place.cert),
  key: readFileSync(place.key),
  size: place.sizeLimit,
  socketTimeout: place.idleTime * 1000,
  disableReverseLookup: true,
  onAuth({ username, password }, _session, callback) {
    const isRight = username === place.user && password === place.pass
    callback(isRight ? null : refusal(535, '5.7.8 Wrong'), { user: username })
  },
  onRcptTo({ address }, _session, callback) {
    const [name] = address.split('@')
    if (name === 'no') return callback(refusal(550, '5.1.1 No such user'))
    if (name !== 'later' || seen.has(address)) return callback()
    seen.add(address)
    return callback(refusal(450, '4.7.1 Greylisted'))
  },
  onData(stream, _session, callback) {
    taken += 1
    const file = createWriteStream(join(place.mails, `${taken}.part`))
    stream.pipe(file)
    file.once('close', () => {
      if (stream.sizeExceeded) return callback(refusal(552, '5.3.4 Too big'))
      renameSync(file.path, file.path.replace('.part', '.eml'))
      return callback()
    })
  },
})

server.on('error', () => undefined)
server.listen(place.port, '127.0.0.1')
