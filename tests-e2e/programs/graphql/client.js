// usage: client.js PORT: Node's fetch, or its own HTTP/2 with HTTP2 in the environment, inside of TLS with TLS there; with what Apollo's client would send, in batches too. What is asked for is a line each on standard output, TYPE NAME ERROR: the oracle.
const http2 = require('http2');
const fs = require('fs');

const port = process.argv[2];
const url = `http://127.0.0.1:${port}/graphql`;
const folder = process.env.TLS;
const session = process.env.HTTP2
  && http2.connect(`${folder ? 'https' : 'http'}://127.0.0.1:${port}`, folder ? { ca: fs.readFileSync(`${folder}/cert.pem`) } : {});
const rounds = 60;

const operation = (name, query, variables = {}) => ({ operationName: name, variables, extensions: { clientLibrary: { name: 's3cr3t' } }, query });

async function answered(body) {
  if (!session) {
    return (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
  }
  const stream = session.request({ ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json' });
  stream.end(body);
  let text = '';
  for await (const part of stream) text += part;
  return text;
}

async function post(body, kind, name) {
  const failed = (await answered(JSON.stringify(body))).includes('"errors":');
  console.log([kind, name, failed ? 'error' : ''].join('\t'));
}

async function main() {
  const book = operation('Book', 'query Book($title: String!) {\n  book(title: $title) {\n    title\n    __typename\n  }\n}', { title: 's3cr3t' });
  const add = operation('Add', 'mutation Add {\n  add(title: "s3cr3t") {\n    title\n  }\n}');
  const nothing = operation('Nothing', 'query Nothing { nothing(title: "s3cr3t") { title } }');
  for (let i = 0; i < rounds; i++) {
    await post(book, 'query', 'Book');
    await post(add, 'mutation', 'Add');
    await post(nothing, 'query', 'Nothing');
    await post([book, book], 'query', '');
    await post([book, add], '', '');
  }
}

main().then(() => session && session.close());
