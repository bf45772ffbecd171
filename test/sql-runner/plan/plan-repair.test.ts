import fc from 'fast-check';
import type { Observation } from '../../../sql-runner/model/observation';
import { isBlocked, type Plan } from '../../../sql-runner/model/plan';
import type { RowFault, RowsSeen } from '../../../sql-runner/model/repair';
import { streamFacts } from '../../../sql-runner/model/stream-state';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { FORMAT_VERSION } from '../../../sql-runner/render/format-version';
import { planJson } from '../../../sql-runner/render/run-json';
import { planDocument } from '../../../sql-runner/render/schemas/plan';
import { sourceContract } from '../support/contract';
import { following, ticketed } from '../support/observations';

const contract = sourceContract();
const [first] = streamFacts(contract, following(contract));
const { subscription } = first!.stream;

const seen = (more: Partial<RowsSeen> = {}): RowsSeen => ({
  table: { database: first!.database, schema: 'public', name: 'orders', keys: [{ id: '1' }], more: false },
  subscription,
  partitioned: false,
  key: ['id'],
  faulty: [{ id: '["1"]', fault: 'different' }],
  alike: 0,
  open: 0,
  why: null,
  ...more,
});
const plan = (rows: readonly RowsSeen[], world: Observation = following(contract)): Plan =>
  planFor('repair', contract, { ...world, repair: { wanted: { tables: rows.map(({ table }) => table) }, seen: rows } });
const codes = ({ findings }: Plan) => findings.map(({ code, severity }) => `${code} ${severity}`);

test('rows that differ are mended and their tables compared', () => {
  const rows = seen({
    faulty: [
      { id: '["1"]', fault: 'missing' },
      { id: `["o'clock"]`, fault: 'surplus' },
      { id: '["3"]', fault: 'different' },
    ],
  });
  const planned = plan([rows]);
  expect(planned.changes.map(({ id }) => id)).toEqual([
    `target/${first!.database}/rows/${subscription}`,
    `target/${first!.database}/rows-compared/${subscription}`,
  ]);
  expect(planned.changes[0]!.preview).toEqual([
    'SET LOCAL session_replication_role = replica;',
    '-- public.orders: 1 missing on the clone, 1 only on the clone, 1 different',
    'LOCK TABLE ONLY "public"."orders" IN SHARE ROW EXCLUSIVE MODE;',
    `INSERT INTO "public"."orders" …;  -- the row of the source where "id" = '1'`,
    `DELETE FROM ONLY "public"."orders" WHERE "id" = 'o''clock';`,
    `DELETE FROM ONLY "public"."orders" WHERE "id" = '3';`,
    `INSERT INTO "public"."orders" …;  -- the row of the source where "id" = '3'`,
  ]);
  planDocument.parse({ format_version: FORMAT_VERSION, ...planJson(planned) });
});

const fault = fc.constantFrom<RowFault>('missing', 'surplus', 'different');
const anyRows = fc
  .record({
    faulty: fc.array(fc.record({ id: fc.string().map((text) => JSON.stringify([text])), fault }), { maxLength: 3 }),
    alike: fc.nat(3),
    open: fc.nat(3),
    why: fc.constantFrom(null, null, 'it has no key'),
    subscription: fc.constantFrom(subscription, subscription, null),
  })
  .map((more) => seen({ ...more, why: more.subscription === null ? 'nobody sends it' : more.why }));

test('just the rows that differ and can be mended are mended, and whatever is not is told', () => {
  fc.assert(
    fc.property(fc.array(anyRows, { maxLength: 4 }), (rows) => {
      const planned = plan(rows);
      const mended = planned.changes.flatMap(({ operation }) =>
        operation.kind === 'mend-rows' ? operation.tables.map(({ ids }) => ids) : [],
      );
      const wanted = rows.filter(({ why, faulty }) => why === null && faulty.length > 0);
      expect(mended).toEqual(wanted.map(({ faulty }) => faulty.map(({ id }) => id)));
      const compared = planned.changes.flatMap(({ operation }) =>
        operation.kind === 'compare-mended' ? operation.tables : [],
      );
      expect(compared.length).toBe(wanted.length);
      expect(planned.findings.filter(({ code }) => code === 'ROWS_NOT_MENDABLE').length).toBe(
        rows.filter(({ why }) => why !== null).length,
      );
      const leaves = rows.length === 0 || rows.some((one) => one.why === null && one.alike > 0);
      expect(codes(planned).includes('ROWS_LEFT info')).toBe(leaves);
      expect(planned.findings.filter(({ code }) => code === 'ROWS_MOVING').length).toBe(
        rows.filter(({ why, open }) => why === null && open > 0).length,
      );
      // What is refused stops no other table, and is no success by itself.
      const without = rows.some(({ why, open }) => why !== null || open > 0);
      expect(isBlocked(planned)).toBe(mended.length === 0 && without);
    }),
  );
});

test.each<[string, Plan, string[]]>([
  ['there is no clone', plan([seen()], ticketed(contract)), ['ROWS_NOT_MENDABLE block']],
  ['verify has found nothing', plan([]), ['ROWS_LEFT info']],
  ['none differs any more', plan([seen({ faulty: [], alike: 1 })]), ['ROWS_LEFT info']],
])('nothing is begun where %s', (_, planned, expected) => {
  expect([planned.changes, codes(planned)]).toEqual([[], expected]);
});
