import type { StreamFailure } from '../../../sql-runner/model/skip';
import { formatMark } from '../../../sql-runner/model/mark';
import type { Observation } from '../../../sql-runner/model/observation';
import type { Plan } from '../../../sql-runner/model/plan';
import type { StreamCause } from '../../../sql-runner/model/stream-cause';
import { streamFacts } from '../../../sql-runner/model/stream-state';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { planJson } from '../../../sql-runner/render/run-json';
import { FORMAT_VERSION } from '../../../sql-runner/render/format-version';
import { planDocument } from '../../../sql-runner/render/schemas/plan';
import { judgeContinuity } from '../../../sql-runner/resources/continuity';
import { noteOf } from '../../../sql-runner/resources/skipped-transactions';
import { sourceContract } from '../support/contract';
import { following, ticketed } from '../support/observations';

const contract = sourceContract();
const [first] = streamFacts(contract, following(contract));
const { stream } = first!;
const table = { schema: 'public', name: 'orders', inserted: 2, updated: 0, deleted: 1, truncated: true };
const transaction = {
  xid: '725',
  finish: '0/2A0',
  end: '0/2D0',
  committed: '2026-11-30T04:00:00.000Z',
  tables: [table],
};
const failing = (byPosition: boolean): StreamFailure => ({
  kind: 'failing',
  cause: {} as StreamCause,
  transaction,
  origin: '0/100',
  byPosition,
});
const plan = (failure?: StreamFailure, world: Observation = following(contract)): Plan =>
  planFor('skip', contract, {
    ...world,
    ...(failure === undefined ? {} : { failures: { [stream.subscription]: failure } }),
  });

test('what the transaction holds stands above what leaves it out', () => {
  const [change, ...others] = plan(failing(true)).changes;
  expect(others).toEqual([]);
  expect(change!.preview).toEqual([
    '-- public.orders: TRUNCATE, 2 inserted, 1 deleted',
    `COMMENT ON SUBSCRIPTION "${stream.subscription}" IS '(its mark, with what is skipped)';`,
    `ALTER SUBSCRIPTION "${stream.subscription}" SKIP (lsn = '0/2A0');  -- and wait until it is past`,
  ]);
  expect(change!.reason).toMatch(
    /^transaction 725 of the source, committed at 2026-11-30T04:00:00Z, which ends at 0\/2A0,/,
  );
});

test('where the server does not skip by position, the origin goes to the end of its commit, and no further', () => {
  const planned = plan(failing(false));
  const text = planned.changes[0]!.preview.join('\n');
  expect(text).toMatch(/DISABLE;.*\n.*pg_replication_origin_advance\('pg_' \|\| oid, '0\/2D0'\).*\n.* ENABLE;$/);
  planDocument.parse({ format_version: FORMAT_VERSION, ...planJson(planned) });
  expect(planned.nextStep?.command).toBe(`sql-runner apply ${contract.environment}`);
});

test.each<[string, Plan, string]>([
  ['nothing was seen to fail', plan(), 'NOTHING_TO_SKIP'],
  ['it goes on', plan({ kind: 'none', why: 'its worker does not fail' }), 'NOTHING_TO_SKIP'],
  ['there is no clone', plan(failing(true), ticketed(contract)), 'NOTHING_TO_SKIP'],
  ['it is not known which', plan({ kind: 'unknown', why: 'x', next: 'y' }), 'FAILED_TRANSACTION_UNKNOWN'],
])('nothing is skipped where %s', (_, { changes, findings }, code) => {
  expect(changes).toEqual([]);
  expect(findings.map((one) => [one.code, one.severity])).toEqual([[code, 'block']]);
});

test('a mark that tells of a transaction left out keeps the stream from being proven', () => {
  const world = following(contract);
  const [of] = streamFacts(contract, world);
  const skipped = [noteOf(transaction, new Date('2026-11-30T05:00:00.000Z'))];
  const mark = { ...of!.subscriptionMark!, skipped };
  expect(judgeContinuity(contract, world, of!)?.kind).toBe('proven');
  expect(formatMark(mark)).toContain('"finish":"0/2A0"');
  expect(judgeContinuity(contract, world, { ...of!, subscriptionMark: mark })).toMatchObject({
    kind: 'not proven',
    seen: expect.stringMatching(
      /has skipped by consent the transaction that ends at 0\/2A0, with 4 changes of public.orders, at 2026-11-30T05:00:00Z$/,
    ),
  });
});
