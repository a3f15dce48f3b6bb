// fetch (undici). usage: fetch_client.js <PLAN
function* pieces(size) {
  for (let at = 0; at < size; at += 5000) yield Buffer.alloc(Math.min(5000, size - at), 'x')
}

const body = (kind, size) => (kind === '-' ? undefined : kind === 'chunked' ? ReadableStream.from(pieces(size)) : Buffer.alloc(size, 'x'))

require('./plan')(async (method, port, path, kind, size) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body(kind, size), duplex: 'half' })
  await response.arrayBuffer()
  return response.status
})
