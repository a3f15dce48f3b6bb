// usage: client.js PORT: Node's fetch, with what Apollo's client would send, in batches too. What is asked for is a line each on standard output, TYPE NAME ERROR: the oracle.
const url = `http://127.0.0.1:${process.argv[2]}/graphql`;
const rounds = 60;

const operation = (name, query, variables = {}) => ({ operationName: name, variables, extensions: { clientLibrary: { name: 's3cr3t' } }, query });

async function post(body, kind, name) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const failed = (await answer.text()).includes('"errors":');
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

main();
