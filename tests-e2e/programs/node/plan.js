// Runs ask(method, port, path, kind, size) → status for each line of standard input, four at once.
const lines = require('node:fs').readFileSync(0, 'utf8').trim().split('\n')

module.exports = (ask) => {
  const worker = async () => {
    for (let line; (line = lines.shift()); ) {
      const [method, port, path, kind, size] = line.split(' ')
      console.log(`${method} ${path} ${await ask(method, port, path, kind, Number(size))}`)
    }
  }
  return Promise.all([worker(), worker(), worker(), worker()])
}
