import type { Client } from 'pg';
import { withClient } from './bystander';
import { type Demo, ENVIRONMENT } from './context';
import { ensure, ensureExit } from './ensure';
import { sequenceHighlights } from './highlights';
import { grouped } from './narrator';

/** Of a table that the writers insert into. */
const SEQUENCE = 'public.customers_id_seq';

/** What replication leaves out: the clone's numbers go past those of production, which goes on. */
export async function tellOfSequences({ narrator, tools, source, target }: Demo): Promise<void> {
  await narrator.step(`sql-runner sequences ${ENVIRONMENT} --headroom 1000`, async (say) => {
    const before = await withClient(target, 'shop', lastOf);
    const run = await tools.sqlRunner('sequences', ENVIRONMENT, '--headroom', '1000', '--auto-approve');
    sequenceHighlights(ensureExit('the run of sequences', run, 0).stdout, SEQUENCE).forEach(say);
    const there = await withClient(source, 'shop', lastOf);
    const here = await withClient(target, 'shop', lastOf);
    ensure(
      here > before && here > there,
      `${SEQUENCE} went from ${before} to ${here} and is at ${there} in production.`,
    );
    say(`${SEQUENCE} of the clone: from ${grouped(before)} to ${grouped(here)}; production is at ${grouped(there)}`);
  });
}

async function lastOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ last: number }>(`SELECT last_value::float8 AS last FROM ${SEQUENCE}`);
  return rows[0]!.last;
}
