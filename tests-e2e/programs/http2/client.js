// usage: client.js PORT: Node's own HTTP/2 by prior knowledge: many streams at once, bodies, a stream that is given up. METHOD PATH STATUS a line.
const http2 = require('http2');

const session = http2.connect(`http://127.0.0.1:${process.argv[2]}`);

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': method, ':path': path, 'x-secret': 's3cr3t' });
    let status;
    stream.on('response', (headers) => { status = headers[':status']; });
    stream.on('error', reject);
    stream.on('end', () => { console.log(method, path, status); resolve(); });
    stream.resume();
    stream.end(body);
  });
}

async function main() {
  await Promise.all(Array.from({ length: 60 }, (_, i) => ask('GET', `/node/bytes/${(i % 6) * 5000}`)));
  await Promise.all(Array.from({ length: 10 }, (_, i) => ask('POST', '/node/bytes/10', 's3cr3t'.repeat(1 + i * 3000))));
  await ask('GET', '/node/status/404');
  session.close();
}

main();
