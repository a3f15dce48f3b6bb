// Node's HTTP/2 by ALPN, through OpenSSL on memory: many streams on each of a few connections. usage: http2.js PORT
const http2 = require('node:http2');

const ask = (session, method, path) => new Promise((done) => {
  const stream = session.request({ ':method': method, ':path': path });
  let status;
  stream.on('response', (headers) => { status = headers[':status']; });
  stream.on('close', () => { console.log(method, path, status); done(); });
  stream.resume();
  stream.end(method === 'POST' ? 'x'.repeat(20000) : undefined);
});

const connection = async (name) => {
  const session = http2.connect(`https://127.0.0.1:${process.argv[2]}`, { rejectUnauthorized: false });
  const all = [];
  for (let i = 0; i < 100; i++) all.push(ask(session, i % 5 ? 'GET' : 'POST', `/${['node', 'missing', 'failing'][i % 3]}/${name}/${i}`));
  await Promise.all(all);
  session.close();
};

connection('one').then(() => Promise.all(['two', 'three'].map(connection)));
