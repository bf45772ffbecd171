import { keepingVerification } from '../../../sql-runner/actions/keep-verification';
import type { Verification } from '../../../sql-runner/actions/verify';
import type { RunTrail } from '../../../sql-runner/execute/run-trail';
import type { RunEnd } from '../../../sql-runner/model/run-record';
import { answering } from '../support/answering';
import { comparable, type Kind } from '../support/comparable';
import { inWorld, type World } from '../support/fake-world';

const world = (kinds: Record<string, Kind> = {}): World =>
  answering({ "WHERE c.relkind = 'm' AND": () => [], ...comparable(kinds) });

/** What the trail is told, in its order, beside what the operator is. */
async function kept(of: World, databases: readonly string[] = []) {
  const told: unknown[] = [];
  const trail = {
    opened: () => void told.push('opened'),
    closing: () => Promise.resolve(void told.push('closing')),
    ended: (end: RunEnd) => Promise.resolve(void told.push(end)),
  } as unknown as RunTrail;
  const request = {
    databases,
    concurrency: 1,
    settleTimeoutMs: 1_000,
    statementTimeoutMs: 0,
    onVerdict: () => undefined,
  };
  const tell = ({ tables }: Verification) => void told.push(`told of ${tables.length} tables`);
  const ending = await inWorld(of, () =>
    keepingVerification(of.opening, of.contracts, request, trail, tell).catch(({ code }) => String(code)),
  );
  return { ending, told };
}

const database = (name: string, outcome = 'equal', equal = 2) =>
  expect.objectContaining({ database: name, outcome, tables: 2, equal });

test('what was found is told first, and then kept with the exit code', async () => {
  const { ending, told } = await kept(world({ orders: 'different' }));
  expect(ending).toBe(11);
  expect(told).toEqual([
    'opened',
    'closing',
    'told of 4 tables',
    {
      outcome: 'not equal',
      code: null,
      exitCode: 11,
      comparison: {
        whole: true,
        databases: [database('shop', 'not equal', 1), database('ledger', 'not equal', 1)],
        against: ['table public.orders in database shop differs', 'table public.orders in database ledger differs'],
        notCompared: [],
      },
    },
  ]);
});

test('of a part of the environment that part is kept, and that there are others', async () => {
  const { ending, told } = await kept(world(), ['ledger']);
  expect(ending).toBe(0);
  expect(told.at(-1)).toEqual({
    outcome: 'equal',
    code: null,
    exitCode: 0,
    comparison: {
      whole: false,
      databases: [database('ledger')],
      against: [],
      notCompared: ['the other databases of the environment'],
    },
  });
});

test('an error before anything was compared refuses it; one that comes later fails it', async () => {
  const unprepared = world();
  unprepared.observation.source.databases.shop!.publications = [];
  expect((await kept(unprepared)).told.at(-1)).toEqual({ outcome: 'refused', code: 'NOT_PREPARED', exitCode: 1 });
  const later = world();
  later.observation.source.databases.ledger!.publications = [];
  expect((await kept(later)).told).toEqual([
    'opened',
    'closing',
    { outcome: 'failed', code: 'NOT_PREPARED', exitCode: 1 },
  ]);
});

test('where the address of the clone leads to production itself nothing is opened to be written to', async () => {
  const of = world();
  of.observation.target!.isSourceServer = true;
  const { told } = await kept(of);
  expect(told).not.toContain('opened');
});
