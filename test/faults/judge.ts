import type { ChildResult } from '../../lab/demo/child';
import type { Finding } from '../../sql-runner/model/change';
import { expectNoRemains, expectSameTables } from './left-over';
import { isFollowing, type Phase } from './phases';
import { caughtUp, countRows, type RowCounts } from './rows';
import type { FaultWorld } from './world';

/** One plain run must have done it all. */
export async function expectNothingLeft(world: FaultWorld): Promise<void> {
  const { changes, findings } = await world.plan();
  const left = [...changes.map(({ id }) => id), ...findings.filter(isBlocking).map(({ code }) => code)];
  if (left.length > 0) throw new Error(`it did not converge, there is still: ${left.join(', ')}`);
}

const isBlocking = ({ severity }: Finding): boolean => severity === 'block';

/** A clone that followed before a phase follows after it, with every row, and nothing that was of use only on the way. */
export async function expectFollowing(world: FaultWorld, phase: Phase, last: ChildResult): Promise<void> {
  if (!isFollowing(phase)) return;
  if ((phase === 'grow' || phase === 'shrink') && !saysInSync(last))
    throw new Error(`the last run did not say that the clone is in sync\n${shown(last)}`);
  await expectEqualRows(world, `after ${phase}`);
  if (phase === 'grow') await expectSameTables(world);
  if (phase === 'shrink') await world.tables.expectKept();
  await expectNoRemains(world);
  await expectNothingLeft(world);
}

/** It is thrown, as what comes next may put right what is counted here. */
export class RowsDiffer extends Error {
  constructor(
    when: string,
    readonly counts: RowCounts,
  ) {
    super(`${when}: ${counts.lost} rows lost and ${counts.doubled} doubled in ${counts.tables.join(', ')}`);
  }
}

export async function expectEqualRows(world: FaultWorld, when: string): Promise<void> {
  const counts = await countAtRest(world);
  if (counts.tables.length > 0) throw new RowsDiffer(when, counts);
}

/** With the writers stopped for as long as it takes. */
export async function countAtRest(world: FaultWorld): Promise<RowCounts> {
  await world.stopWriters();
  try {
    const source = await world.source(world.databases[0]!);
    await caughtUp(source, world.replicationNames).finally(() => source.end());
    const skipped = world.tables.notSelected;
    const all = await Promise.all(
      world.databases.map((database) => countRows(world.source, world.clone, database, skipped)),
    );
    return all.reduce((sum, counts) => ({
      rows: sum.rows + counts.rows,
      lost: sum.lost + counts.lost,
      doubled: sum.doubled + counts.doubled,
      tables: [...sum.tables, ...counts.tables],
    }));
  } finally {
    await world.startWriters();
  }
}

/** It said so of the clone as it is; a run that was killed may have said it as well. */
export const saysInSync = ({ stdout }: ChildResult): boolean => stdout.includes('"type":"in-sync"');

export function expectSuccess(what: string, result: ChildResult): void {
  if (result.exitCode !== 0) throw new Error(`${what} did not succeed\n${shown(result)}`);
}

export const shown = ({ exitCode, stdout, stderr }: ChildResult): string =>
  `exit code ${exitCode}\n${stdout.slice(-1500)}\n${stderr.slice(-1500)}`;
