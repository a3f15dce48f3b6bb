// c-ares (dns.resolve) and glibc (dns.lookup).
const dns = require('node:dns').promises;

async function main() {
  for (let i = 0; i < 20; i++) {
    await dns.resolve4(`node${i}.shop.here.test`);
    await dns.lookup(`lookup${i}.shop.here.test`, { all: true });
  }
  await Promise.all(Array.from({ length: 20 }, (_, i) => dns.resolve6(`at-once${i}.shop.here.test`)));
  await dns.resolve4('nothing.here.test').catch(() => {});
}

main();
