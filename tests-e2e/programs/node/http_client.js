// node:http or node:https with a keep-alive agent. usage: http_client.js <PLAN
const http = require(process.env.TLS ? 'node:https' : 'node:http')
const agent = new http.Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false })

const headers = { sized: (size) => ({ 'Content-Length': size }), expect: (size) => ({ 'Content-Length': size, Expect: '100-continue' }) }

const ask = (method, port, path, kind, size) =>
  new Promise((resolve, reject) => {
    const request = http.request({ method, host: '127.0.0.1', port, path, agent, headers: headers[kind]?.(size) ?? {} })
    request.on('error', reject)
    request.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
    if (kind === 'expect') {
      request.on('continue', () => request.end(Buffer.alloc(size, 'x')))
      return request.flushHeaders()
    }
    if (kind === 'chunked') for (let at = 0; at < size; at += 5000) request.write(Buffer.alloc(Math.min(5000, size - at), 'x'))
    request.end(kind === 'sized' ? Buffer.alloc(size, 'x') : undefined)
  })

require('./plan')(ask).then(() => agent.destroy())
