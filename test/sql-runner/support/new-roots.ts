import type { NewTableFacts } from '../../../sql-runner/model/new-tables';
import type { Observation } from '../../../sql-runner/model/observation';
import type { AddedTable } from '../../../sql-runner/model/table-notes';
import { type Draft, edit, following } from './observations';
import { contract, DEFINITION, FACTS, OID, SUBSCRIPTION } from './new-tables';
import { table } from './tables';

/** `newer`, partitioned: `one`, `rest` (the default one), and `sub`, which is partitioned again, with `leaf`. */
const PARTS = [
  ['one', 'newer', 'FOR VALUES IN (1)'],
  ['rest', 'newer', 'DEFAULT'],
  ['sub', 'newer', 'FOR VALUES IN (2)'],
  ['leaf', 'sub', 'FOR VALUES FROM (1) TO (2)'],
] as const;

export type Part = (typeof PARTS)[number][0];
export const oidOf = (name: Part): number => OID + 1 + PARTS.findIndex(([own]) => own === name);

const isParted = (name: string) => name === 'newer' || name === 'sub';
const named = (name: string) => ({ schema: 'public', name });
const defined = (name: string, oid: number) => ({
  ...DEFINITION,
  oid,
  name,
  inherits: true,
  partitionKey: isParted(name) ? 'LIST (id)' : null,
});

/** It came on the source of a clone that follows, and was looked at. */
export const comingTree = (
  facts: Partial<Record<Part | 'newer', Partial<NewTableFacts>>> = {},
  become: (tables: Draft<Observation>['source']['databases'][string]['tables']) => void = () => undefined,
): Observation =>
  edit(following(contract), ({ source, target }) => {
    const { tables, publications } = source.databases.shop!;
    tables.push(table('newer', { oid: OID, kind: 'root' }));
    for (const [name, parent] of PARTS)
      tables.push(
        table(name, {
          oid: oidOf(name),
          partition: true,
          parents: [named(parent)],
          kind: isParted(name) ? 'root' : 'table',
        }),
      );
    become(tables);
    for (const own of [publications[0]!, target!.databases.shop!.publications[0]!])
      own.rows = { self: '1 2', members: {}, types: {}, tables: {} };
    const own: NewTableFacts[] = [
      { ...FACTS, definition: defined('newer', OID), ...facts.newer },
      ...PARTS.map(([name, parent, bound]) => ({
        ...FACTS,
        ...named(name),
        oid: oidOf(name),
        definition: defined(name, oidOf(name)),
        partition: { parent: named(parent), bound, here: null, parentThere: false, hasDefault: false },
        ...facts[name],
      })),
    ];
    Object.assign(source, { newTables: { [SUBSCRIPTION]: own } });
  });

/** As a look at the clone finds it: whether a partition that is not in its place has a default one beside it. */
export const lookedAgain = (observation: Observation): Observation =>
  edit(observation, ({ source }) => {
    const all = source.newTables![SUBSCRIPTION]!;
    const isThere = all.some(({ name, partition }) => name === 'rest' && partition!.here !== null);
    for (const { partition } of all) if (partition?.parent.name === 'newer') partition.hasDefault = isThere;
  });

export const noteOf = (name: Part): AddedTable => ({
  ...named(name),
  oid: oidOf(name),
  partition: true,
  ...(isParted(name) ? { parted: true as const } : { granted: { usage: false, select: true } }),
});
