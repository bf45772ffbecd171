import type { SourceContract } from '../../../contract/contract';
import { OperatorError } from '../../../errors/operator-error';
import type { CopyLargeObjects, ObjectToCopy } from '../../model/large-objects';
import { groupsOf } from '../../observe/large-object-contents';
import { firstSubscribed, largeObjectReading } from '../../postgres/catalog/large-objects';
import { rolesOfServer } from '../../postgres/catalog/followed-roles';
import type { Session } from '../../postgres/session';
import { serverSaid, type ServerError } from '../../postgres/text/server-said';
import { strangersAmong } from '../../resources/roles/strangers';
import { someOf } from '../../resources/some-of';
import { GaveUp, type Execution } from '../execution';
import { haveRecord } from '../large-object-record';
import { describeWaits, namingWaits, WaitedInVain } from '../lock-wait';
import { copyGroup, NotCopied, type CopySides } from './copy-large-object-group';
import { pruneObject } from './prune-large-object';

/** Of one statement on production, which reads 8 MB or so. */
const READ_MS = 60_000;

/**
 * Small ones some at a time, a large one for itself: each group in one transaction on the clone, with what production has
 * of it in one snapshot. What fails of a group is tried one by one, and keeps none of the others from being copied.
 */
export async function copyLargeObjects(operation: CopyLargeObjects, execution: Execution): Promise<void> {
  const { place, objects, prune, seen } = operation;
  const target = await execution.writer(place);
  const source = await execution.connections.open({ side: 'source', database: place.database }, true, {
    statementTimeoutMs: READ_MS,
  });
  const done = { copied: 0, bytes: 0, pruned: 0 };
  let [equal, gone] = [seen.equal, 0];
  const left: string[] = [];
  try {
    const { source: contract } = execution.connections.contracts;
    await haveRecord(target, contract.environment);
    const sides = await sidesOf(operation, source, target, contract);
    const tried = async (oid: number, work: () => Promise<void>): Promise<void> => {
      try {
        await namingWaits(place, target, execution, work);
      } catch (cause) {
        left.push(`${oid}: ${reasonOf(cause)}`);
      }
    };
    const copy = async (group: readonly ObjectToCopy[]): Promise<void> => {
      const made = await copyGroup(sides, group);
      done.copied += made.copied;
      done.bytes += made.bytes;
      equal += made.equal;
      gone += made.gone;
    };
    for (const group of groupsOf(objects)) {
      if (execution.interrupted()) throw new GaveUp();
      const whole = group.length > 1 && (await copy(group).then(yes, unlessLost));
      if (!whole) for (const one of group) await tried(one.oid, () => copy([one]));
    }
    for (const oid of prune) {
      if (execution.interrupted()) throw new GaveUp();
      await tried(oid, async () => void (done.pruned += await pruneObject(sides, oid)));
    }
  } finally {
    await source.close();
    execution.listener({
      type: 'large-objects-copied',
      database: place.database,
      position: seen.position,
      objects: seen.there - gone,
      equal,
      ...done,
      left: left.length,
    });
  }
  if (left.length > 0) throw notCopied(operation, left);
}

async function sidesOf(
  { wanted }: CopyLargeObjects,
  source: Session,
  target: Session,
  contract: SourceContract,
): Promise<CopySides> {
  return {
    wanted,
    environment: contract.environment,
    strangers:
      contract.roles === undefined
        ? []
        : strangersAmong(contract, { source: await rolesOfServer(source), clone: await rolesOfServer(target) }),
    source: { session: source, reading: await largeObjectReading(source), since: null },
    target: { session: target, reading: await largeObjectReading(target), since: await firstSubscribed(target) },
  };
}

const yes = (): boolean => true;

/** One of several could not be copied, and all of them are as they were. */
function unlessLost(cause: unknown): boolean {
  if (cause instanceof NotCopied || typeof (cause as ServerError).code === 'string') {
    if (!(cause instanceof OperatorError)) return false;
  }
  throw cause;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof NotCopied) return cause.message;
  if (cause instanceof WaitedInVain)
    return `it waited in vain for ${cause.waits.length === 0 ? 'a lock' : describeWaits(cause.waits)}`;
  // The session is gone, and the next one would fail as well.
  if (cause instanceof OperatorError || typeof (cause as ServerError).code !== 'string') throw cause;
  return serverSaid(cause as ServerError);
}

function notCopied({ place, objects, prune }: CopyLargeObjects, left: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'LARGE_OBJECTS_NOT_COPIED',
    seen: `in database ${place.database} of the clone ${left.length} of ${objects.length + prune.length} large objects are as they were: ${someOf(left)}`,
    why: 'rows that refer to them find what production does not have; the others are as on production',
    next: 'remove the cause and run the same command again',
  });
}
