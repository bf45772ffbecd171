import type { Client } from 'pg';
import type { Change } from '../../sql-runner/drift/change';
import { named } from '../../sql-runner/drift/changes';

/** Writes to all tables that are as they were, in turn; what the source refuses it refuses. @returns how often */
export async function writeTo(client: Client, changes: readonly Change[], goOn: () => boolean): Promise<number> {
  let done = 0;
  for (let turn = 0; goOn(); turn += 1)
    for (const change of changes)
      for (const statement of [
        `UPDATE $ SET note = 'w${turn % 100}' WHERE id = 2`,
        `INSERT INTO $ (id, note) VALUES (${1000 + turn}, 'w')`,
      ])
        if (goOn())
          await client.query(named(change, statement)).then(
            () => (done += 1),
            () => undefined,
          );
  await client.end();
  return done;
}
