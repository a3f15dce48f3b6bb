// node:http. usage: server.js PORT
const fs = require('node:fs')
const http = require('node:http')
const https = require('node:https')
const zlib = require('node:zlib')

function answer(kind, argument, response, done) {
  if (kind === 'status') return done(Number(argument))
  if (kind === 'echo') return done(200, Buffer.from('ok'))
  const body = Buffer.alloc(Number(argument), 'x')
  if (kind === 'gzip') {
    response.setHeader('Content-Encoding', 'gzip')
    return done(200, zlib.gzipSync(body))
  }
  if (kind === 'chunks') for (let at = 0; at + 8000 < body.length; at += 8000) response.write(body.subarray(0, 8000))
  done(200, kind === 'chunks' ? body.subarray(0, body.length % 8000 || 8000) : body)
}

const folder = process.env.TLS
const create = folder
  ? (each) => https.createServer({ key: fs.readFileSync(`${folder}/key.pem`), cert: fs.readFileSync(`${folder}/cert.pem`) }, each)
  : http.createServer

create((request, response) => {
  request.resume().on('end', () => {
    const [, , kind, argument] = request.url.split('/')
    answer(kind, argument, response, (status, body) => {
      console.log(`${request.method} ${request.url} ${status}`)
      response.statusCode = status
      if (body && !response.headersSent) response.setHeader('Content-Length', body.length)
      response.end(body)
    })
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
