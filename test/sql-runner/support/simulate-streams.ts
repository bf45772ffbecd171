import type { Change, SqlOperation } from '../../../sql-runner/model/change';
import { formatMark, ownMark } from '../../../sql-runner/model/mark';
import type { StreamOf } from '../../../sql-runner/model/streams';
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
    case 'subscription-connection update':
      stream.subscription!.comment = comment!;
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

export const isEnabled = (world: World, { database, stream }: StreamOf): boolean =>
  world.target!.databases[database]!.streams[stream.subscription]!.subscription?.enabled === true;

/** Its worker has confirmed all that it was sent. */
export function hold(
  world: World,
  { place, subscription: name, slot, released }: Extract<Change['operation'], { kind: 'hold-stream' }>,
): void {
  const { subscription: found, originProgress: origin } = world.target!.databases[place.database]!.streams[name]!;
  must(found !== null && origin !== null, 'what is held has begun to follow');
  found.enabled = false;
  const { confirmedFlushLsn: confirmed } = world.source.slots.find((candidate) => candidate.name === slot)!;
  const mark = ownMark(found.comment, 'subscription', 'demo')!;
  const record = { at: '', origin, confirmed: confirmed!, version: world.source.server.versionNum };
  const given = released ? { released: true as const } : {};
  found.comment = formatMark({ ...mark, held: { ...(mark.held ?? record), ...given } });
}

export function connectAnew(world: World, name: string, { place, statements }: SqlOperation): void {
  const { subscription: found } = world.target!.databases[place.database]!.streams[name]!;
  must(found !== null, 'it has a connection');
  found.comment = / IS '(.*)'$/.exec(statements.at(-1)!.text)![1]!;
}

export function must(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}
