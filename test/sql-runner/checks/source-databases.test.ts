import { streamOf } from '../../../sql-runner/model/streams';
import type { Observation } from '../../../sql-runner/model/observation';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { checkRenamedSources } from '../../../sql-runner/checks/source-databases';
import { wordsBeside } from '../../../sql-runner/checks/forgotten-streams';
import { sourceContract, stream } from '../support/contract';
import { cloned, edit, following, prepared, untouched } from '../support/observations';

const contract = sourceContract();

/** The ledger under another name; its slot goes with it, as its publication does. */
const renamed = (now: Observation, name = 'ledger_old') =>
  edit(now, ({ source }) => {
    source.databases.ledger = { ...source.databases.ledger!, exists: false };
    for (const slot of source.slots.filter(({ database }) => database === 'ledger')) slot.database = name;
    source.forgotten.push(streamOf(name, stream('ledger')));
  });

const dropped = (now: Observation) =>
  edit(now, ({ source }) => {
    source.databases.ledger = { ...source.databases.ledger!, exists: false };
    source.slots = source.slots.filter(({ database }) => database !== 'ledger');
  });

test.each([
  ['before the clone', prepared],
  ['once the clone is there', cloned],
  ['of a stream that follows', following],
])('a database that was renamed %s is told as that and as nothing else', (_, stage) => {
  const { changes, findings } = planApply(contract, renamed(stage(contract)));
  expect([changes, findings.map(({ code }) => code)]).toEqual([[], ['SOURCE_DATABASE_RENAMED']]);
  expect(findings[0]).toMatchObject({
    severity: 'block',
    seen: 'database ledger of the environment is named ledger_old on demo-production by now, with our publication and slot',
    next: expect.stringMatching(
      / in database postgres on the source: ALTER DATABASE "ledger_old" RENAME TO "ledger";$/,
    ) as string,
  });
});

test('its name is quoted, and it is not renamed by who is connected to it', () => {
  const [finding] = planApply(contract, renamed(following(contract), 'a "b"')).findings;
  expect(finding!.next).toContain('ALTER DATABASE "a ""b""" RENAME TO "ledger";');
  const [other] = planApply(contract, renamed(following(contract), 'postgres')).findings;
  expect(other!.next).toContain('in database template1 on the source: ALTER DATABASE "postgres" RENAME TO "ledger";');
});

test('status says it, and not that the environment has forgotten it', () => {
  const { source } = edit(renamed(following(contract)), (now) =>
    now.source.forgotten.push(streamOf('old', stream('old'))),
  );
  const words = wordsBeside(contract, source).map((one) => one.replace(/:.*/, ''));
  expect(words).toEqual(['SOURCE_DATABASE_RENAMED', 'STREAM_FORGOTTEN']);
  expect(wordsBeside(contract, following(contract).source)).toEqual([]);
});

test('one whose name another database has by now is still what is forgotten', () => {
  const taken = edit(renamed(prepared(contract)), ({ source }) => (source.databases.ledger!.exists = true));
  expect(wordsBeside(contract, taken.source)).toEqual([expect.stringMatching(/its name again, which another one/)]);
});

test('a copy of a database that is gone is not that database: it has no slot', () => {
  const copied = edit(dropped(following(contract)), ({ source }) =>
    source.forgotten.push(streamOf('ledger_copy', stream('ledger'))),
  );
  expect(checkRenamedSources(contract, copied.source)).toEqual([]);
  expect(planApply(contract, copied).findings[0]!.code).toBe('DATABASE_MISSING');
});

test.each([
  ['before the clone', prepared],
  ['of a stream that follows', following],
])('a database that was dropped %s is told as gone, not as one that its ticket lacks', (_, stage) => {
  const { changes, findings } = planApply(contract, dropped(stage(contract)));
  expect([changes, findings.map(({ code }) => code)]).toEqual([[], ['DATABASE_MISSING']]);
  expect(findings[0]).toMatchObject({
    severity: 'block',
    seen: 'database ledger does not exist on demo-production any more',
    next: expect.stringContaining('take it out of the environment file') as string,
  });
});

test('one that was never there is told once, as before', () => {
  const { findings } = planApply(contract, dropped(untouched(contract)));
  expect(findings.filter(({ code }) => code === 'DATABASE_MISSING')).toMatchObject([
    { next: expect.stringMatching(/^correct databases\[\]\.name in the environment file/) as string },
  ]);
});

test.each([
  ['another slot', (slot: { name: string; database: string | null }) => (slot.name = 'acas_demo_other')],
  ['its slot elsewhere', (slot: { name: string; database: string | null }) => (slot.database = 'elsewhere')],
])('a database with our publication and %s is not the one that was renamed', (_, change) => {
  const now = edit(renamed(following(contract)), ({ source }) =>
    source.slots.filter(({ database }) => database === 'ledger_old').forEach(change),
  );
  expect(checkRenamedSources(contract, now.source)).toEqual([]);
});

test('so it is of a database that has several streams', () => {
  const more = structuredClone(contract);
  more.links[1]!.streams.push(stream('more'));
  expect(checkRenamedSources(more, renamed(following(contract)).source)).toHaveLength(1);
});

test('a database postgres is given its name from another one', () => {
  const own = sourceContract(['postgres']);
  const now = edit(following(own), ({ source }) => {
    source.databases.postgres = { ...source.databases.postgres!, exists: false };
    source.slots[0]!.database = 'main';
    source.forgotten.push(streamOf('main', stream('postgres')));
  });
  expect(checkRenamedSources(own, now.source)[0]!.next).toContain('in database template1 on the source:');
});
