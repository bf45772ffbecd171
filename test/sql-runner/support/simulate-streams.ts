import type { SqlOperation } from '../../../sql-runner/model/change';
import type { Observation } from '../../../sql-runner/model/observation';
import { compareLsn } from '../../../sql-runner/postgres/text/lsn';
import { type Draft, subscription } from './observations';

export type World = Draft<Observation>;

/** What becomes of a stream on the clone. */
export function connect(
  world: World,
  step: string,
  database: string,
  name: string,
  comment: string | undefined,
  statements: SqlOperation['statements'],
): void {
  const { streams } = world.target!.databases[database]!;
  const stream = streams[name]!;
  switch (step) {
    case 'subscription create':
      must(stream.subscription === null, 'there is no subscription yet');
      stream.subscription = subscription(name, database, { comment: comment! });
      return;
    case 'read-only-fence create':
      must(stream.subscription !== null, 'there is a mark to remember the fence in');
      stream.subscription.comment = comment!;
      world.target!.readOnlyDatabases.push(database);
      return;
    case 'origin create':
      must(
        stream.subscription?.enabled === false && stream.originProgress === null,
        'an origin is advanced once, while disabled',
      );
      stream.originProgress = statements[0]!.values![1] as string;
      return;
    case 'subscription-enabled update':
      must(compareLsn(stream.originProgress!, world.target!.seedLsn!) >= 0, 'the origin is at the seed LSN');
      stream.subscription!.enabled = true;
      if (comment !== undefined) stream.subscription!.comment = comment;
      return;
    case 'subscription delete':
      if (statements[0]!.text.startsWith('ALTER DATABASE'))
        world.target!.readOnlyDatabases = world.target!.readOnlyDatabases.filter((fenced) => fenced !== database);
      streams[name] = { subscription: null, originProgress: null };
      return;
    default:
      throw new Error(`not modelled: ${step}`);
  }
}

export function must(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}
