import { Client } from 'pg';
import { OperatorError } from '../errors/operator-error';
import { openLab, type Lab } from './lab';
import { seedWorkload, WORKLOAD_DATABASES } from './workload/seed';

/** Gives the production cluster the tables and rows that the demo uses. */
export async function seed(options: { name: string; rows: number }): Promise<void> {
  const lab = openLab(options.name);
  await assertEmpty(lab);
  const tables = await seedWorkload((database) => connect(lab, database), { rows: options.rows });
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `${tables.length} tables with ${total.toLocaleString('en-US')} rows in databases ${WORKLOAD_DATABASES.join(' and ')}.`,
  );
}

async function connect(lab: Lab, database: string): Promise<Client> {
  const client = new Client(lab.sourceConnection(database));
  await client.connect();
  return client;
}

async function assertEmpty(lab: Lab): Promise<void> {
  for (const database of WORKLOAD_DATABASES) {
    const client = await connect(lab, database).catch((cause: unknown) => {
      throw refusal(lab, `its production cluster has no database ${database}`, cause);
    });
    try {
      const { rows } = await client.query(
        `SELECT FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LIMIT 1`,
      );
      if (rows.length > 0) throw refusal(lab, `database ${database} has tables already`);
    } finally {
      await client.end();
    }
  }
}

function refusal(lab: Lab, seen: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'LAB_SEED_REFUSED',
    seen: `Lab "${lab.state.name}" cannot be seeded: ${seen}.`,
    why: 'The tables are those of environments/demo.yaml and are made once, in empty databases.',
    next: 'Use a lab of environment demo that was not seeded yet, or create tables of your own.',
    cause,
  });
}
