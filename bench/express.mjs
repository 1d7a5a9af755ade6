// What `res.mail` costs a request beside nodemailer called by hand with the same headers. The app, the load and the
// receiving end have a process each; counted is the processor time of the app.
import autocannon from 'autocannon'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { heading, median } from './compare.mjs'

// Many short rounds: on a noisy machine, single ones differ by a quarter, and the median of a few is not the truth.
const rounds = 200
const amounts = { mail: 200, nothing: 600 }
const start = async (...command) => {
  const child = spawn(process.execPath, command, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [ready] = await once(child, 'message')
  return { child, ready }
}

const emulator = await start('emulator.mjs')
const app = await start('express-app.mjs', JSON.stringify(emulator.ready))

heading(['CPU a request', 'A: nodemailer by hand', 'B: res.mail', 'B / A'], rounds)
for (const work of ['mail', 'nothing']) {
  const ways = [`${app.ready.hand}/${work}`, `${app.ready.resMail}/${work}`]
  const amount = amounts[work]
  // Warm, as a server is that lives for more than a second. No collection is forced between the rounds: the compiled
  // code would go with it, and most of what is measured would be the compiler's.
  for (let round = 0; round < 40; round += 1) for (const way of ways) await cost(way, amount)
  const pairs = []
  for (let round = 0; round < rounds; round += 1) {
    pairs.push([await cost(ways[0], amount), await cost(ways[1], amount)])
  }
  const [a, b, ratio] = [
    median(pairs.map(([x]) => x)),
    median(pairs.map(([, y]) => y)),
    median(pairs.map(([x, y]) => y / x)),
  ]
  console.log(
    `| ${work === 'mail' ? 'one mail of 1 KB, three options' : 'no mail'} | ${a.toFixed(0)} µs | ${b.toFixed(0)} µs | ${ratio.toFixed(3)} |`,
  )
}
app.child.disconnect()
emulator.child.disconnect()

/** Microseconds of processor time a request. */
async function cost(url, amount) {
  const before = await usage()
  const { errors, non2xx } = await autocannon({
    url,
    connections: 10,
    amount,
    method: 'POST',
    // A run ends when a sample is taken, by default once a second.
    sampleInt: 20,
  })
  if (errors + non2xx > 0) throw new Error(`${errors + non2xx} requests failed.`)
  return ((await usage()) - before) / amount
}

async function usage() {
  app.child.send('usage')
  const [microseconds] = await once(app.child, 'message')
  return microseconds
}
