// The least that a look at every database of both sides costs: a process that opens a session in each, as many at a time as
// sql-runner does, and asks it for 1. Its argument is a file with what pg connects by, a list for each side.
const { readFileSync } = require('node:fs');
const { Client } = require('pg');

const AT_A_TIME = 8;

async function side(places) {
  const left = [...places];
  const open = [];
  const worker = async () => {
    for (let place = left.shift(); place !== undefined; place = left.shift()) {
      const client = new Client(place);
      open.push(client);
      await client.connect();
      await client.query('SELECT 1');
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  await Promise.all(open.map((client) => client.end()));
}

Promise.all(JSON.parse(readFileSync(process.argv[2], 'utf8')).map(side)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
