import { newWorld } from '../support/fake-world';
import { cloned } from '../support/observations';
import { observedIn } from '../support/observed-world';

/** When the counters of either side began, and whether those of the clone count what was rolled back. */
interface Counters {
  readonly source: number | null;
  readonly clone: number | null;
  readonly rolledBack?: boolean;
}

async function areCertain({ source, clone, rolledBack = false }: Counters): Promise<boolean | undefined> {
  const world = newWorld(cloned);
  world.onSql = (sql, { side }) => {
    if (sql.includes('FROM pg_stat_bgwriter')) return [{ since: side === 'source' ? source : clone }];
    return sql.includes('xact_rollback > 0') ? [{ found: rolledBack }] : undefined;
  };
  return (await observedIn(world)).target!.databases.shop!.writesAreCertain;
}

test.each<[string, Counters, boolean]>([
  ["begun after the source's", { source: 10, clone: 11 }, true],
  ["begun together with the source's, whose copy they may be", { source: 10, clone: 10 }, false],
  ["begun before the source's", { source: 10, clone: 9 }, false],
  ['of which the clone does not say when they began', { source: 10, clone: null }, false],
  ['of which the source does not say when its own began', { source: null, clone: 11 }, false],
  ['of which neither side says when they began', { source: null, clone: null }, false],
  ['that count a transaction that was rolled back', { source: 10, clone: 11, rolledBack: true }, false],
])('counters of the clone %s', async (_, counters, certain) => {
  expect(await areCertain(counters)).toBe(certain);
});
