import { escapeLiteral } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { Feature } from './features';
import type { Statement } from './statement';
import type { Table } from './table';

/** Empties a table and all that point at it. TRUNCATE tells no numbers, so a query before it looks for rows. */
export function truncate(random: Random, table: Table, tables: readonly Table[]): Statement {
  const children = tables.filter(({ parent }) => parent === table);
  const looks = [
    look('TRUNCATE', table),
    ...children.map((child) => look('TRUNCATE CASCADE through a foreign key', child)),
    ...(table.partitions.length > 0 ? [look('TRUNCATE of a partitioned table', table)] : []),
  ];
  const how = random.pick(['CASCADE', 'CASCADE', 'RESTART IDENTITY CASCADE']);
  return { text: `${looks.join('; ')}; TRUNCATE ${table.name} ${how}`, values: [], shows: [], rows: 0 };
}

function look(feature: Feature, { name }: Table): string {
  return `SELECT ${escapeLiteral(feature)} AS shows WHERE EXISTS (SELECT FROM ${name})`;
}
