import type { Survey } from '../../../sql-runner/model/survey';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';
import { definition, sent } from './provocations';

const PUBLISHED = { publications: ['acas_demo_shop'] };
const table = (oid: number, name: string, more: object = {}) =>
  ({ ...definition, ...PUBLISHED, schema: 'public', oid, name, ...more }) as typeof definition;

/** A partitioned table that has another name on the source, and a partition of it. */
function found(more: Partial<Survey>, bound = 'FOR VALUES IN (1)'): string[] {
  const world = edit(healthy(sourceContract(['shop'])), ({ source, target }) => {
    source.databases.shop!.definitions = [table(1, 'whole'), table(2, 'part', { parent: 1, bound })];
    source.databases.shop!.sent = [{ ...sent, schema: 'public', name: 'part', partition: null }];
    target.databases.shop!.definitions = [
      table(1, 'parted'),
      table(2, 'part', { parent: 1, bound: 'FOR VALUES IN (1)' }),
    ];
  });
  return findingsOf({ ...world, ...more })
    .filter(({ code }) => ['TABLE_RENAMED', 'PARTITION_DIFFERS'].includes(code))
    .map(({ code, next }) => `${code} ${next}`);
}

test('what this plan renames is not told', () => {
  expect(found({ renaming: { shop: [1] } })).toEqual([]);
});

test('what apply would rename is told with that, and its partitions are in their place', () => {
  expect(found({ renamable: { shop: [1] } })).toEqual([
    'TABLE_RENAMED sql-runner apply demo renames it on the clone once its stream comes to it',
  ]);
});

test('a partition for other values is told all the same', () => {
  expect(found({ renaming: { shop: [1] } }, 'FOR VALUES IN (2)')).toHaveLength(1);
});

test('of what another table, or database, has nothing is left out', () => {
  const all = found({});
  expect(all.map((one) => one.split(' ')[0]).sort()).toEqual(['PARTITION_DIFFERS', 'TABLE_RENAMED']);
  expect(found({ renaming: { shop: [2], ledger: [1] }, renamable: { shop: [7] } })).toEqual(all);
});
