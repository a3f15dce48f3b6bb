// An event loop: requests overlap, answer after a random delay and a request to the leaf; a timer sends requests that belong to none of them.
// usage: loop.js PORT LEAF_PORT LOG   (one line per request: id, traceparent received or -)
const fs = require('node:fs')
const http = require('node:http')
const [port, leaf, log] = process.argv.slice(2)
const agent = new http.Agent({ keepAlive: true })

const ask = (id, then) =>
  http.get({ port: leaf, host: '127.0.0.1', path: `/leaf/${id}`, agent }, (answer) => answer.resume().on('end', then))

http
  .createServer((request, response) => {
    const id = request.url.split('/').pop()
    fs.appendFileSync(log, `${id} ${request.headers.traceparent ?? '-'}\n`)
    const answer = () => ask(id, () => response.end('ok'))
    if (Math.random() < 0.5) answer()
    else setTimeout(answer, Math.random() * 10)
  })
  .listen(Number(port), '127.0.0.1')

let background = 0
setInterval(() => ask(`background-${++background}`, () => {}), 3)
