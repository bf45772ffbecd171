import { formatMark } from '../../../sql-runner/model/mark';
import { databaseOids } from '../../../sql-runner/postgres/catalog/databases';
import { tell } from './facts';
import { newWorld, type World } from './fake-world';
import { INHERITABLE } from './inheritables';
import { following } from './observations';

/** Names of databases by oid, on the source and on the clone. */
export type Names = Readonly<Record<'source' | 'target', Readonly<Record<number, string>>>>;

const RENAMED: Names = {
  source: { 1: 'postgres', 20: 'shop', 21: 'ledger' },
  target: { 1: 'postgres', 20: 'shop_old', 21: 'ledger' },
};

/** Streams that followed until somebody renamed database shop on the clone to shop_old, by default with all that is in it. */
export function movedAside(names: Names = RENAMED): World {
  const world = newWorld(following);
  tell(world.facts, databaseOids, ({ side }) =>
    Object.entries(names[side]).map(([oid, name]) => ({ oid: Number(oid), name })),
  );
  const target = world.observation.target!;
  const { shop, ledger } = target.databases;
  target.databases = { shop: { ...shop!, exists: false }, shop_old: shop!, ledger: ledger! };
  for (const one of target.subscriptions) if (one.database === 'shop') one.database = 'shop_old';
  const comment = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
  const copy = { ...INHERITABLE.publications[0]!, database: 'shop_old', name: 'acas_demo_shop', comment };
  target.inheritable = { ...target.inheritable, publications: [copy] };
  return world;
}
