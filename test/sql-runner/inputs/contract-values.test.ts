import fc from 'fast-check';
import { replicationRole } from '../../../contract/naming';
import { OperatorError } from '../../../errors/operator-error';
import { environmentSchema, type Environment } from '../../../environments/schema';
import { extractContracts } from '../../../sql-runner/inputs/extract-contracts';
import type { SourceContract, TargetContract } from '../../../contract/contract';
import { linksOf } from '../../../stacks/links';
import { sourceParameters } from '../../../stacks/constructs/cluster/sizing';
import { evaluated } from '../../stacks/evaluated';
import { committed, synthesize } from '../../stacks/synthesized';
import { sourceContract, stream, targetContract } from '../support/contract';

/** Names as people have them, and as they do not: quotes, dollars, other scripts, 63 bytes. */
const name = fc
  .oneof(
    fc.stringMatching(/^[a-z_][a-z0-9_]{0,62}$/),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom('Mixed Name', '${path.cwd}', 'none', 'pg_shop', 'x'.repeat(63), 'ü'.repeat(31), 'a"b'),
  )
  .filter((text) => !text.includes('\0') && Buffer.byteLength(text) <= 63);
const database = fc
  .record({ name, schemas: fc.option(fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), { nil: undefined }) })
  .filter(({ name: own, schemas }) => own !== 'rdsadmin' && !schemas?.some((schema) => schema.includes('"')));
const environment = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,3}$/),
    role: fc.option(fc.stringMatching(/^[a-z_][a-z0-9_]{0,62}$/), { nil: undefined }),
    databases: fc.uniqueArray(database, { minLength: 1, maxLength: 4, selector: (one) => one.name }),
  })
  .map(({ role, ...parts }): Environment => {
    const demo = committed('demo');
    return { ...demo, ...parts, replication: { ...demo.replication, ...(role === undefined ? {} : { role }) } };
  })
  .filter((one) => environmentSchema.safeParse(one).success);

/** As the stacks put it out, with the values that only AWS knows made up. */
function contractOf(one: Environment): SourceContract {
  const { replication, parameterGroup } = sourceContract();
  return sourceContract([], {
    environment: one.name,
    links: linksOf(one),
    replication: { ...replication, role: one.replication.role ?? replicationRole(one.name) },
    parameterGroup: { ...parameterGroup, parameters: sourceParameters(1) },
  });
}

function refusal(contract: SourceContract | TargetContract): OperatorError | null {
  try {
    extractContracts({ contract: { value: contract } }, 'outputs.json');
    return null;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}

test('what the stacks put out is taken, whatever the environment', () => {
  fc.assert(
    fc.property(environment, (one) => expect(refusal(contractOf(one))).toBeNull()),
    { numRuns: 200 },
  );
});

test('so is what they synthesise', () => {
  const taken = (one: Environment): void => {
    const { source, target } = synthesize(one);
    for (const { output } of [source, target])
      expect(refusal(evaluated(output['contract']?.value) as SourceContract)).toBeNull();
  };
  fc.assert(fc.property(environment, taken), { numRuns: 3 });
});

const long = fc.integer({ min: 64, max: 200 }).map((length) => 'a'.repeat(length));
const cut = fc.oneof(long, fc.constantFrom('', 'ü'.repeat(32), 'a\0b'));
const noSlot = fc.oneof(
  cut,
  fc.constantFrom('ACAS-Shop', 'acas-shop', 'acas shop', 'none', 'pg_16384_sync_1', 'ä', 'a\n'),
);
const noRole = fc.oneof(
  cut,
  fc.constantFrom('pg_monitor', 'rds_superuser', 'rdsadmin', 'public', 'none', 'Acas', '1a'),
);

type Change = (contract: SourceContract, at: number, value: string) => void;
/** One link more than there was, so that there is another one to take a value from. */
const twice = (part: 'slot' | 'publication' | 'subscription'): Change => {
  return ({ links }, at) => {
    const last = { database: 'one more', streams: [{ ...stream('one_more'), [part]: links[at]!.streams[0]![part] }] };
    links.push(last);
  };
};

const MUTATIONS: readonly [what: string, values: fc.Arbitrary<string>, change: Change, path: string][] = [
  [
    'a publication',
    cut,
    ({ links }, at, value) => (links[at]!.streams[0]!.publication = value),
    'streams[0].publication',
  ],
  [
    'a wrong subscription',
    cut,
    ({ links }, at, value) => (links[at]!.streams[0]!.subscription = value),
    '.subscription',
  ],
  ['a wrong slot', noSlot, ({ links }, at, value) => (links[at]!.streams[0]!.slot = value), 'streams[0].slot'],
  ['a wrong database', cut, ({ links }, at, value) => (links[at]!.database = value), 'database'],
  [
    'a reserved database',
    fc.constant('template1'),
    ({ links }, at, value) => (links[at]!.database = value),
    'database',
  ],
  ['a wrong role', noRole, ({ replication }, _, value) => (replication.role = value), 'replication.role'],
  [
    'a wrong environment',
    fc.constantFrom('', 'Dev', 'my_env', 'a'.repeat(31)),
    (one, _, value) => (one.environment = value),
    'environment',
  ],
  [
    'a wrong schema',
    cut,
    ({ links }, at, value) => (links[at]!.streams[0]!.selection = { kind: 'schemas', schemas: ['s', value] }),
    'selection.schemas[1]',
  ],
  [
    'a wrong table',
    cut,
    ({ links }, at, value) =>
      (links[at]!.streams[0]!.selection = { kind: 'tables', tables: [{ schema: 'public', name: value }] }),
    'selection.tables[0].name',
  ],
  ['the slot of another link', fc.constant(''), twice('slot'), 'slot is'],
  ['the publication of another link', fc.constant(''), twice('publication'), 'publication is'],
  ['the subscription of another link', fc.constant(''), twice('subscription'), 'subscription is'],
  [
    'the database of another link',
    fc.constant(''),
    ({ links }, at) => links.push({ database: links[at]!.database, streams: [stream('one_more')] }),
    'database is',
  ],
  ['no endpoint', fc.constantFrom('', ' '), ({ cluster }, _, value) => (cluster.endpoint = value), 'cluster.endpoint'],
  [
    'a group without logical replication',
    fc.constantFrom('0', 'on'),
    ({ parameterGroup: { parameters } }, _, value) => (parameters['rds.logical_replication'] = value),
    'parameterGroup.parameters',
  ],
  [
    'a group to be put back that is its own',
    fc.constant(''),
    ({ parameterGroup }) => (parameterGroup.previous = parameterGroup.name),
    'parameterGroup.previous',
  ],
  ['one account', fc.constant(''), (one) => (one.targetAccount.accountId = one.account.accountId), 'targetAccount'],
];

test.each(MUTATIONS)('a contract with %s is refused, with the place of it', (_, values, change, path) => {
  const mutated = fc.property(environment, values, fc.nat(), (one, value, at) => {
    const contract = structuredClone(contractOf(one));
    change(contract, at % contract.links.length, value);
    expect(refusal(contract)).toMatchObject({ code: 'CONTRACT_INVALID', seen: expect.stringContaining(path) });
  });
  fc.assert(mutated, { numRuns: 40 });
});

test('every wrong value is told, each in a sentence, and nothing is done', () => {
  const contract = sourceContract();
  contract.links[0]!.streams[0]!.slot = 'ACAS-Shop';
  contract.links[1]!.streams[0]!.publication = 'p'.repeat(80);
  const error = refusal(contract)!;
  expect(error.seen).toBe(
    'in the contract of the source in outputs.json, links[0].streams[0].slot is "ACAS-Shop", which is not a name for a slot',
  );
  expect(error.next).toMatch(
    /^give the slot such a name, as in acas_dev_shop\n {2}Also: links\[1\]\.streams\[0\]\.publication is "p{80}": 80 bytes; PostgreSQL takes no empty name, .+\. What to do: give it a name of 1 to 63 bytes/,
  );
});

test.each<[string, Parameters<typeof stream>[1][], string | null]>([
  [
    'all tables and a schema',
    [{ kind: 'schemas', schemas: ['a'] }, { kind: 'all' }],
    'streams[0].selection.schemas[0]',
  ],
  ['all tables twice', [{ kind: 'all' }, { kind: 'all' }], 'streams[1].selection selects'],
  [
    'a schema and a table of it',
    [
      { kind: 'tables', tables: [{ schema: 'a', name: 'x' }] },
      { kind: 'schemas', schemas: ['b', 'a'] },
    ],
    'streams[0].selection.tables[0] selects tables that links[0].streams[1].selection.schemas[1]',
  ],
  ['a table twice', [{ kind: 'tables', tables: [1, 2].map(() => ({ schema: 'a', name: 'x' })) }], 'tables[1]'],
  [
    'schemas and tables apart',
    [
      { kind: 'tables', tables: [{ schema: 'a', name: 'x' }] },
      { kind: 'schemas', schemas: ['a.x', 'x'] },
    ],
    null,
  ],
])('streams with %s', (_, selections, seen) => {
  const streams = selections.map((selection, index) => stream(`s${index}`, selection));
  const error = refusal(sourceContract([], { links: [{ database: 'shop', streams }] }));
  expect(error?.seen ?? null).toEqual(seen === null ? null : expect.stringContaining(seen));
});

test('a target with a port that is none', () => {
  const { cluster } = targetContract();
  expect(refusal(targetContract({ cluster: { ...cluster, port: 0 } }))?.seen).toContain('cluster.port is 0');
});
