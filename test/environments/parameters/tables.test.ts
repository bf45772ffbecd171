import { lookUp } from '../../../environments/parameters/lookup';
import { tables } from '../../../environments/parameters/table';
import { MAJORS } from '../../matrix/suite';

/**
 * Where AWS calls static what PostgreSQL would take with a reload, or the other way round. Nobody may change either of
 * them; any other difference is a slip in the table of AWS.
 */
const APPLIED_OTHERWISE = ['recovery_init_sync_method', 'ssl_crl_dir'];

const aurora = [...tables().aurora];

test('AWS and PostgreSQL agree on what is static', () => {
  const differing = aurora.filter(([name, { applyType }]) => {
    const own = tables()
      .postgresql.get(name)
      ?.find(({ from, to }) => from <= 14 && 14 <= to);
    return own !== undefined && own.applyType !== applyType;
  });
  expect(differing.map(([name]) => name).sort()).toEqual(APPLIED_OTHERWISE);
});

test('every row of AWS is whole: a known kind, and a range whose ends are numbers in order', () => {
  const odd = aurora.filter(([, { applyType, type, min, max }]) => {
    const range = (min === undefined) === (max === undefined) && !((min ?? 0) > (max ?? 0));
    const kinds = ['boolean', 'integer', 'float', 'string', 'list'].includes(type);
    return !range || Number.isNaN(min) || Number.isNaN(max) || !kinds || !['static', 'dynamic'].includes(applyType);
  });
  expect(odd).toEqual([]);
});

test("no limit of AWS lies outside of PostgreSQL's own, of what may be changed", () => {
  const wider = aurora.filter(([name, { min, max, fixed }]) => {
    const own = tables()
      .postgresql.get(name)
      ?.find(({ from, to }) => from <= 14 && 14 <= to);
    if (fixed || own === undefined || min === undefined || max === undefined) return false;
    return min < (own.min ?? -Infinity) || max > (own.max ?? Infinity);
  });
  expect(wider.map(([name]) => name)).toEqual([]);
});

test('what the stacks compute is known in every version, and static', () => {
  const computed = ['rds.logical_replication', 'max_replication_slots', 'max_wal_senders', 'max_worker_processes'];
  for (const major of MAJORS)
    for (const name of [...computed, 'max_logical_replication_workers', 'max_prepared_transactions'])
      expect([name, lookUp(name, major)]).toMatchObject([name, { kind: 'listed', row: { applyType: 'static' } }]);
  expect(lookUp('max_active_replication_origins', 18)).toMatchObject({ row: { applyType: 'static' } });
});

test('where PostgreSQL has changed since the list of AWS, PostgreSQL is followed, and AWS in the rest', () => {
  expect(lookUp('log_connections', 17)).toMatchObject({ row: { type: 'boolean' } });
  expect(lookUp('log_connections', 18)).toMatchObject({ row: { type: 'string' } });
  expect(lookUp('max_wal_senders', 18)).toMatchObject({ row: { min: 5, max: 262143 } });
  expect(lookUp('autovacuum_vacuum_cost_delay', 18)).toMatchObject({ row: { type: 'integer', unit: 'ms' } });
});
