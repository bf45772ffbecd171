import { formatMark } from '../../../sql-runner/model/mark';
import { answering, type Answers } from './answering';
import type { World } from './fake-world';
import { INHERITABLE } from './inheritables';

const OIDS = 'datname::text AS name FROM pg_database';

/** Streams that followed until somebody renamed database shop on the clone to shop_old, by default with all that is in it. */
export function movedAside(answers: Answers = {}): World {
  const world = answering({
    [OIDS]: ({ side }) => [
      { oid: 1, name: 'postgres' },
      { oid: 20, name: side === 'source' ? 'shop' : 'shop_old' },
      { oid: 21, name: 'ledger' },
    ],
    ...answers,
  });
  const target = world.observation.target!;
  const { shop, ledger } = target.databases;
  target.databases = { shop: { ...shop!, exists: false }, shop_old: shop!, ledger: ledger! };
  for (const one of target.subscriptions) if (one.database === 'shop') one.database = 'shop_old';
  const comment = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
  const copy = { ...INHERITABLE.publications[0]!, database: 'shop_old', name: 'acas_demo_shop', comment };
  target.inheritable = { ...target.inheritable, publications: [copy] };
  return world;
}
