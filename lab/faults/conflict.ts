import { type Client, escapeLiteral } from 'pg';
import { inSession } from '../connections';
import type { Fault } from './fault';
import { DATABASE, followingStream, TABLE } from './stream';

/** Somebody writes to the clone, by a key that production gives away next. */
export const conflict: Fault = {
  about: 'a row on the clone has the key that production inserts next',
  async bringAbout(lab) {
    await followingStream(lab);
    const id = await inSession(lab.connection('source', DATABASE), nextKey);
    await inSession(lab.connection('clone', DATABASE), (client) => insert(client, id, 'written on the clone'));
    await inSession(lab.connection('source', DATABASE), (client) => insert(client, id, 'written by production'));
    return {
      did: [
        `On the clone, in database ${DATABASE}: a row ${id} was inserted into ${TABLE}.`,
        'Production has inserted a row of the same key since.',
      ],
      see: [
        'The apply worker fails at that row (duplicate key), begins again and fails again. What production writes after it in this database waits.',
        'status, plan and doctor: APPLY_WORKER_FAILING.',
      ],
      facts: { id },
    };
  },
  async heal(lab, { id = '' }) {
    // Only the clone's own row: once it is gone, that of production comes, and must stay.
    const statement = `DELETE FROM ${TABLE} WHERE id = ${escapeLiteral(id)} AND name = 'written on the clone'`;
    await inSession(lab.connection('clone', DATABASE), (client) => client.query(statement));
    return [`On the clone, in database ${DATABASE}: ${statement};`, 'The worker applies the row of production now.'];
  },
};

/** Nobody else gets it, however many write. */
async function nextKey(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(`SELECT nextval(pg_get_serial_sequence($1, 'id'))::text AS id`, [
    TABLE,
  ]);
  return rows[0]?.id ?? '';
}

async function insert(client: Client, id: string, name: string): Promise<void> {
  await client.query(
    `INSERT INTO ${TABLE} (id, name, email, signed_up) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, now())`,
    [id, name, `number.${id}@example.com`],
  );
}
