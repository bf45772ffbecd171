import { connectBy } from '../../../lab/connections';
import type { Lab } from '../../../lab/lab';
import { execute } from './provocations';

/** A table for each part of the demo's environment that selects some, and no rows. */
export async function makeDemoTables(lab: Lab): Promise<void> {
  const source = connectBy((database) => lab.sourceConnection(database));
  await execute(await source('shop'), ['CREATE TABLE orders (id bigint PRIMARY KEY)']);
  await execute(await source('ledger'), [
    'CREATE SCHEMA "Audit"',
    'CREATE TABLE accounts (id bigint PRIMARY KEY)',
    'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)',
  ]);
}
