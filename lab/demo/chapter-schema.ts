import type { Client } from 'pg';
import { allowEventTriggers } from '../event-triggers-command';
import { withClient } from './bystander';
import { waitUntilCaughtUp } from './comparison';
import { type Demo, ENVIRONMENT, SOURCE_STACK } from './context';
import { ensure, ensureExit } from './ensure';
import { applyHighlights, terraformSummary } from './highlights';
import { grouped } from './narrator';
import { readVerification } from './verification';

const SHOP_SLOT = `acas_${ENVIRONMENT}_shop`;
/** What production does, statement by statement: the rows after each need what it made. */
const ADD_COLUMN = 'ALTER TABLE public.customers ADD COLUMN points integer DEFAULT 0 NOT NULL';
const USE_COLUMN = `INSERT INTO public.customers (name, email, signed_up, points)
  SELECT 'a customer with points', 'points@example.com', now(), 10`;
const MAKE_TABLE = 'CREATE TABLE public.vouchers (id bigserial PRIMARY KEY, code text NOT NULL)';
const FILL_TABLE = `INSERT INTO public.vouchers (code) SELECT 'voucher ' || n FROM generate_series(1, 500) n`;
const COUNT = { 'customers with points': 'public.customers WHERE points = 10', vouchers: 'public.vouchers' };

/** A copy whose environment asks for DDL of shop. */
export interface Following extends Pick<Demo, 'narrator' | 'source' | 'target'> {
  readonly tools: Pick<Demo['tools'], 'sqlRunner'>;
  readonly writers: Pick<Demo['writers'], 'counts'>;
}

/** The schema of production changes while it is written to, and the clone follows without a new one. */
export async function tellOfSchema(demo: Demo): Promise<void> {
  await askForDdl(demo);
  await tellOfDdl(demo);
}

/** As far as it does not depend on how the environment asks for it. */
export async function tellOfDdl(following: Following): Promise<void> {
  await makeDdlFollow(following);
  await changeProduction(following);
  await bringRows(following);
  await proveEqual(following);
}

async function askForDdl({ narrator, lab, tools }: Demo): Promise<void> {
  await narrator.step(`Ask for DDL of shop in its order; cdktf deploy ${SOURCE_STACK}`, async (say) => {
    tools.edit((file) => file.replace(/^ {2}- name: shop$/m, '$&\n    ddl: apply'));
    say('environments/demo.yaml, at database shop: ddl: apply');
    say(terraformSummary(ensureExit('the deploy', await tools.cdktf('deploy', SOURCE_STACK), 0).stdout));
    await allowEventTriggers(lab);
  });
}

async function makeDdlFollow({ narrator, tools }: Following): Promise<void> {
  await narrator.step(`sql-runner apply ${ENVIRONMENT}: DDL is noted, and carried out on the clone`, async (say) => {
    const applied = await tools.sqlRunner('apply', ENVIRONMENT, '--auto-approve');
    applyHighlights(ensureExit('the apply', applied, 0).stdout).forEach(say);
  });
}

async function changeProduction({ narrator, tools, source, target, writers }: Following): Promise<void> {
  await narrator.step('Production gets a column and a table, writers writing; sql-runner ddl list', async (say) => {
    const before = writers.counts().committed;
    await withClient(source, 'shop', async (client) => {
      for (const statement of [ADD_COLUMN, USE_COLUMN, MAKE_TABLE, FILL_TABLE]) await client.query(statement);
    });
    say(ADD_COLUMN);
    say(MAKE_TABLE);
    await waitUntilCaughtUp(source, [SHOP_SLOT]);
    const listed = ensureExit('ddl list', await tools.sqlRunner('ddl list', ENVIRONMENT), 0).stdout;
    const carriedOut = [...listed.matchAll(/^ *(\d+) .* applied +((?:ALTER|CREATE) TABLE .*)$/gm)];
    ensure(carriedOut.length === 2, `ddl list does not show both statements as applied:\n${listed}`);
    carriedOut.forEach(([, number, statement]) => say(`${number}  applied  ${statement}`));
    const customers = await withClient(target, 'shop', (client) => countOf(client, 'customers with points'));
    ensure(customers === 1, `The clone has ${customers} customers with points.`);
    say('the row that was written right after the column came is on the clone, with its value');
    say(`${writers.counts().committed - before} transactions committed on the source meanwhile`);
  });
}

async function bringRows({ narrator, tools, source, target }: Following): Promise<void> {
  await narrator.step(`sql-runner apply ${ENVIRONMENT}: the rows of the new table`, async (say) => {
    const applied = await tools.sqlRunner('apply', ENVIRONMENT, '--auto-approve');
    applyHighlights(ensureExit('the apply', applied, 0).stdout).forEach(say);
    const [there, here] = await Promise.all(
      [source, target].map((side) => withClient(side, 'shop', (client) => countOf(client, 'vouchers'))),
    );
    ensure(here === there, `The clone has ${here} vouchers, production ${there}.`);
    say(`${grouped(here!)} vouchers on each side`);
  });
}

async function proveEqual({ narrator, tools }: Following): Promise<void> {
  await narrator.step(
    `sql-runner verify ${ENVIRONMENT} --database shop, new column and table included`,
    async (say) => {
      const run = await tools.sqlRunner('verify', ENVIRONMENT, '--database', 'shop', '--json');
      const { tables, rows } = readVerification(ensureExit('verify', run, 0).stdout);
      const equal = tables.filter((table) => table.equal).length;
      ensure(equal === tables.length, `verify ended 0 with ${equal} of ${tables.length} equal.`);
      ensure(
        tables.some(({ name, rows: own }) => name === 'vouchers' && own === 500),
        'verify did not compare the vouchers.',
      );
      say(`${equal} of ${tables.length} tables equal, ${grouped(rows)} rows compared`);
    },
  );
}

async function countOf(client: Client, what: keyof typeof COUNT): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count FROM ${COUNT[what]}`);
  return rows[0]!.count;
}
