import type { Client } from 'pg';
import type { Change } from '../../../sql-runner/model/change';
import type { SourceContract } from '../../../contract/contract';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { sourceContract } from '../support/contract';
import { cloned, edit, following, slot, subscription, untouched } from '../support/observations';
import { table } from '../support/tables';
import { sqlOf } from '../support/plans';

const NAMES = [`x"; DROP TABLE t; --`, `O'Neil $$ \\ $acas$ y`, 'ñandú 表 %I %L', 'n'.repeat(63)];

/** An environment in which everything is called `name`. */
function hostile(name: string): SourceContract {
  return sourceContract([name], {
    replication: { role: name, secretArn: 'arn', sslRootCert: 'ca.pem' },
    links: [
      { database: name, streams: [{ publication: name, slot: name, subscription: name, selection: { kind: 'all' } }] },
    ],
  });
}

/** Every statement of the environment's plans, from the first to the teardown. */
function statementsOf(name: string): string[] {
  const contract = hostile(name);
  const first = edit(untouched(contract), ({ source }) => {
    Object.assign(source.databases[name]!, { tables: [table(name, { schema: name })] });
    source.databases[name]!.connectGrant.mayConnect = false;
  });
  const leftover = `u${name.slice(1)}`;
  const clone = edit(cloned(contract), ({ source, target }) => {
    source.subscriptions.push({ oid: 9, name: leftover });
    target!.subscriptions.push(subscription(leftover, name, { oid: 9 }));
    target!.slots.push(slot(leftover, name));
  });
  const refused = edit(following(contract), ({ source }) => (source.passwordWorks = false));
  const granted = edit(following(contract), ({ source }) => (source.databases[name]!.connectGrant.hasGrant = true));
  const plans = [
    planApply(contract, first),
    planApply(contract, clone),
    planApply(contract, refused),
    planTeardown(contract, granted),
  ];
  return plans.flatMap((plan) => plan.changes as Change[]).flatMap(sqlOf);
}

let cluster: TestCluster;
let client: Client;
beforeAll(async () => {
  cluster = await startTestCluster({ databases: [] });
  client = await cluster.connect('postgres');
});
afterAll(() => cluster.stop());

/** The refusal of too many values comes only after the server has parsed the text, and before it runs anything. */
const PARSED = '08P01';
let count = 0;

/** SQLSTATE of the server for a text that has to be exactly one command; it is never run. */
async function parse(text: string): Promise<string | undefined> {
  count += 1;
  const values = ['one', 'two', 'too many'];
  return client.query({ text, name: `statement ${count}`, values }).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
}

test.each(NAMES)('each statement is one command to the server: %s', async (name) => {
  const statements = statementsOf(name);
  expect(statements.length).toBeGreaterThan(15);
  for (const text of statements) expect([text, await parse(text)]).toEqual([text, PARSED]);
});

test('the check would notice a name that is not quoted', async () => {
  expect(await parse(`DROP ROLE ${NAMES[0]}`)).toBe('42601');
  expect(await parse('DROP ROLE a; DROP ROLE b')).toBe('42601');
});

test('no preview shows a secret', () => {
  const contract = hostile('shop');
  const previews = [planApply(contract, untouched(contract)), planApply(contract, cloned(contract))].flatMap((plan) =>
    plan.changes.flatMap((change) => change.preview),
  );
  const withValues = previews.filter((line) => /password|conninfo/i.test(line));
  expect(withValues).toEqual(
    expect.arrayContaining([
      expect.stringContaining(`PASSWORD '(sensitive)'`),
      expect.stringContaining(`current_setting('acas.conninfo')`),
    ]),
  );
  for (const line of withValues)
    expect(line).toMatch(/\(sensitive\)|unless it holds a password|current_setting\('acas\.conninfo'\)/);
});
