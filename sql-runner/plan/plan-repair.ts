import type { SourceContract } from '../../contract/contract';
import { block, changeOf, propose, type Change, type Finding, type Proposal } from '../model/change';
import { copyAnew } from '../model/copied-anew';
import type { Observation } from '../model/observation';
import type { Plan } from '../model/plan';
import type { MendedTable, RowFault, RowsSeen, RowsWanted } from '../model/repair';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { newClone } from '../model/streams';
import { isSentInPart } from '../model/table-parts';
import { displayTable, sameTable } from '../model/table-selection';
import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { isResetUnfinished } from '../resources/retirement';
import { finishPlan } from './finish-plan';
import { checkSameServer } from './gates/clone';
import { proveNext } from './prove-next';

/**
 * Single rows that still differ become those of the source, and the others of their tables are left alone. What was
 * handed in only says where to look: how the rows stand is what both sides say by now.
 */
export function planRepair(contract: SourceContract, observation: Observation): Plan {
  const { wanted, seen } = observation.repair ?? { wanted: { tables: [] }, seen: [] };
  const plan = finishPlan(contract, observation, proposed(contract, observation, seen), {
    mode: 'repair',
    nextStep: () => proveNext(contract, observation),
    beside: () => left(contract, wanted, seen),
  });
  return { ...plan, rows: wanted };
}

function proposed(contract: SourceContract, observation: Observation, seen: readonly RowsSeen[]): Proposal {
  const { target } = observation;
  const streams = streamFacts(contract, observation);
  if (target === null || isResetUnfinished(streams))
    return block({
      code: 'ROWS_NOT_MENDABLE',
      seen: `environment ${contract.environment} has no clone that follows`,
      why: 'rows are mended on a clone that goes on with its stream afterwards',
      next: `run sql-runner plan ${contract.environment} to see what comes next`,
    });
  const same = checkSameServer(contract, target);
  if (same.length > 0) return propose([], same);
  const changes = streams.flatMap((of) => mending(contract, of, seen));
  const inPart = ({ table }: RowsSeen): boolean =>
    streams.some(
      ({ database, publication }) =>
        database === table.database &&
        publication?.tables.some((one) => sameTable(one, table) && isSentInPart(one)) === true,
    );
  const refused = seen.flatMap((one) =>
    one.why === null
      ? []
      : [inPart(one) ? partNotMendable(contract, one, one.why) : notMendable(contract, one, one.why)],
  );
  const moving = seen.flatMap((one) => (one.why === null && one.open > 0 ? [stillMoving(one)] : []));
  return propose(changes, [...refused, ...moving]);
}

function mending({ environment }: SourceContract, of: StreamFacts, seen: readonly RowsSeen[]): Change[] {
  const { subscription, slot } = of.stream;
  const own = seen.filter((one) => one.subscription === subscription && one.why === null && one.faulty.length > 0);
  if (own.length === 0) return [];
  const tables: MendedTable[] = own.map(({ table: { schema, name }, faulty }) => ({
    schema,
    name,
    ids: faulty.map(({ id }) => id),
  }));
  const place = of.subscriber;
  const common = { place, environment, slot };
  const names = tables.map(({ schema, name }) => ({ schema, name }));
  return [
    changeOf({
      address: { ...place, kind: 'rows', name: subscription },
      action: 'update',
      reason:
        'they become what the source has by then; what the stream brings for these tables waits for seconds meanwhile, and a row that moved since is left to it',
      preview: previewOf(own),
      operation: { kind: 'mend-rows', ...common, tables },
    }),
    changeOf({
      address: { ...place, kind: 'rows-compared', name: subscription },
      action: 'update',
      reason: 'every row of these tables is compared; before that nothing of them is called equal',
      preview: names.map((table) => `-- all rows of ${displayTable(table)}`),
      operation: { kind: 'compare-mended', ...common, tables: names },
    }),
  ];
}

const COUNTED: Readonly<Record<RowFault, string>> = {
  missing: 'missing on the clone',
  surplus: 'only on the clone',
  different: 'different',
};

/** No value but those of keys, which the comparison has named: what goes in is read once the stream waits. */
function previewOf(seen: readonly RowsSeen[]): string[] {
  return [
    'SET LOCAL session_replication_role = replica;',
    ...seen.flatMap(({ table, key, faulty, partitioned }) => {
      const [own, alone] = [quoteQualified(table), partitioned ? '' : 'ONLY '];
      const counts = (Object.keys(COUNTED) as RowFault[]).flatMap((fault) => {
        const count = faulty.filter((row) => row.fault === fault).length;
        return count === 0 ? [] : [`${count} ${COUNTED[fault]}`];
      });
      return [
        `-- ${displayTable(table)}: ${counts.join(', ')}`,
        `LOCK TABLE ${alone}${own} IN SHARE ROW EXCLUSIVE MODE;`,
        ...faulty.flatMap(({ id, fault }) => {
          const where = condition(key, JSON.parse(id) as string[]);
          return [
            ...(fault === 'missing' ? [] : [`DELETE FROM ${alone}${own} WHERE ${where};`]),
            ...(fault === 'surplus' ? [] : [`INSERT INTO ${own} …;  -- the row of the source where ${where}`]),
          ];
        }),
      ];
    }),
  ];
}

const condition = (key: readonly string[], texts: readonly string[]): string =>
  key.map((name, i) => `${quoteIdent(name)} = ${quoteLiteral(texts[i]!)}`).join(' AND ');

/** The others of the plan are mended all the same. */
const notMendable = ({ environment }: SourceContract, { table }: RowsSeen, why: string): Finding => ({
  code: 'ROWS_NOT_MENDABLE',
  severity: 'block',
  standing: true,
  seen: `table ${displayTable(table)} in database ${table.database}: ${why}`,
  why: 'a row is mended only where it is known for certain which one it is, and what the source has of it',
  next: `sql-runner verify ${environment} shows how the table stands; ${copyAnew(environment, [table], table.database)} copies it anew as a whole`,
});

/** It cannot be copied anew either; see plan/gates/new-table.ts. */
const partNotMendable = (contract: SourceContract, { table }: RowsSeen, why: string): Finding => ({
  code: 'ROWS_NOT_MENDABLE',
  severity: 'block',
  standing: true,
  seen: `table ${displayTable(table)} in database ${table.database}: ${why}`,
  why: 'of a table that is replicated in part, what a row of the clone stands for is known from a comparison alone',
  next: newClone(contract),
});

/** No success, as nobody knows whether they differ; the others of the plan are mended all the same. */
const stillMoving = ({ table, open }: RowsSeen): Finding => ({
  code: 'ROWS_MOVING',
  severity: 'block',
  standing: true,
  seen: `${rows(open)} of ${displayTable(table)} in database ${table.database} kept changing, or the clone did not catch up`,
  why: 'a row is judged only while it stands still for a moment on both sides',
  next: 'run the same command again while less is written to them',
});

/** What this leaves as it is. */
function left({ environment }: SourceContract, wanted: RowsWanted, seen: readonly RowsSeen[]): Finding[] {
  const looked = seen.filter(({ why }) => why === null);
  const phrases = looked.flatMap(({ table, alike }) => {
    const where = `${displayTable(table)} in database ${table.database}`;
    return [
      ...(alike === 0 ? [] : [`${rows(alike)} of ${where} ${alike === 1 ? 'does' : 'do'} not differ any more`]),
      ...(table.more ? [`more rows of ${where} differ than the comparison has named`] : []),
    ];
  });
  if (wanted.tables.length === 0) phrases.push('the comparison names no row that differs');
  if (phrases.length === 0) return [];
  return [
    {
      code: 'ROWS_LEFT',
      severity: 'info',
      seen: phrases.join('; '),
      why: 'they are left as they are; rows that were not named were not looked at',
      next: `sql-runner verify ${environment} compares all rows`,
    },
  ];
}

const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;
