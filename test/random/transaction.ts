import { type Client, escapeLiteral } from 'pg';
import type { Random } from '../../lab/workload/random';
import { isExpected } from './expected';
import type { Feature } from './features';
import { execute } from './statement';
import { randomStatement } from './statements';
import type { Table } from './table';

/** One transaction of any form. @returns what it was an example of, and nothing of what was taken back */
export async function transaction(client: Client, random: Random, tables: readonly Table[]): Promise<Feature[]> {
  const shown: Feature[] = [];
  const change = async (): Promise<void> => {
    shown.push(...(await execute(client, randomStatement(random, tables))));
  };
  const steps = random.int(0, 24) === 0 ? random.int(15, 25) : random.int(1, 4);
  await client.query('BEGIN');
  for (let at = 0; at < steps; at += 1) {
    if (random.int(0, 2) > 0) await change();
    else await inSavepoint(client, random, change, shown);
  }
  return end(client, random, shown);
}

/** A subtransaction, sometimes one in another, which is kept or taken back. */
async function inSavepoint(
  client: Client,
  random: Random,
  change: () => Promise<void>,
  shown: Feature[],
): Promise<void> {
  const name = random.pick(['"a b"', 'outer_1', '"ü"']);
  const before = shown.length;
  await client.query(`SAVEPOINT ${name}`);
  try {
    await change();
    const outer = shown.length;
    if (random.int(0, 3) === 0) await inSavepoint(client, random, change, shown);
    if (shown.length > outer) shown.push('savepoint in a savepoint');
    const changed = shown.length > before;
    const kept = random.int(0, 2) > 0;
    await client.query(`${kept ? 'RELEASE' : 'ROLLBACK TO'} SAVEPOINT ${name}`);
    if (!kept) shown.length = before;
    if (changed) shown.push(kept ? 'savepoint released' : 'savepoint rolled back');
  } catch (error) {
    if (!isExpected(error)) throw error;
    await client.query(`ROLLBACK TO SAVEPOINT ${name}`);
    shown.length = before;
  }
}

/** Commits, takes back or prepares; what changed nothing shows nothing. */
async function end(client: Client, random: Random, shown: readonly Feature[]): Promise<Feature[]> {
  const dice = random.int(0, 19);
  const only = (feature: Feature): Feature[] => (shown.length > 0 ? [feature] : []);
  if (dice === 0) {
    await client.query('ROLLBACK');
    return only('transaction rolled back');
  }
  if (dice > 2) {
    await client.query('COMMIT');
    return [...shown];
  }
  const gid = escapeLiteral(`it's "${random.bytes(8).toString('hex')}" %s`);
  await client.query(`PREPARE TRANSACTION ${gid}`);
  await client.query(`${dice === 1 ? 'COMMIT' : 'ROLLBACK'} PREPARED ${gid}`);
  return dice === 1
    ? [...shown, ...only('PREPARE TRANSACTION, then COMMIT PREPARED')]
    : only('PREPARE TRANSACTION, then ROLLBACK PREPARED');
}
