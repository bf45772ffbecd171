import { seedWorkload } from '../workload/seed';
import { startWriters, type Writers } from '../workload/writers';
import { BYSTANDER, BYSTANDER_DATABASE, createBystanderPublication } from './bystander';
import type { Stage } from './context';
import { grouped } from './narrator';

const WRITERS = 4;

/** Production as it is before anybody thinks of a clone: data, writers, and another team's publication. */
export async function tellOfProduction({ narrator, options, facts, source }: Stage): Promise<Writers> {
  await narrator.step('Fill the production databases', async (say) => {
    const tables = await seedWorkload(source, { rows: options.rows });
    facts.tables = tables.length;
    facts.rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const databases = new Set(tables.map((table) => table.database));
    say(`${grouped(facts.rows)} rows in ${tables.length} tables of ${[...databases].join(' and ')}`);
  });
  return narrator.step('Another team publishes two tables already; writers write without a pause', async (say) => {
    await createBystanderPublication(source);
    say(`publication ${BYSTANDER.publication} in ${BYSTANDER_DATABASE}: not ours, to be left alone`);
    const writers = await startWriters(source, { writers: WRITERS, pauseMs: 20 });
    say(`${WRITERS} writers: insert, update, delete, roll back (seed ${writers.seed})`);
    return writers;
  });
}
