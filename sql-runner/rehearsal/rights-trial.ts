import type { Statement, Unit } from '../migration/statement';
import type { RightsSeen } from '../migration/verdict';
import { givePlainOwner, mayActAs, strangeOwners, takeFromSuperuser, withoutOurs } from './plain-worker';
import { enter, runPlainly } from './run-unit';
import type { ScratchPair } from './scratch-pair';
import type { Stage } from './stage';
import type { Writer } from './writer';
import { writeRound } from './writes';

/** What is tried, as the trials of the superuser have shown that it can be. */
export interface RightsTrial {
  readonly unit: Unit;
  readonly forClone: readonly Statement[];
  readonly prelude: readonly Statement[];
  /** In this order; else the clone first. */
  readonly sourceFirst: boolean;
  /** The stream goes on while only the source has it. */
  readonly settles: boolean;
  readonly publishes: boolean;
}

/**
 * The scratch superuser may write whatever the rights are. Where a unit may take some, a pair of its own has a subscription
 * that belongs to no superuser. Nothing is written before both sides have it: rows of before would be in its way.
 */
export async function tryRights(pair: ScratchPair, writer: Writer, trial: RightsTrial): Promise<RightsSeen> {
  const seen = await onPlainPair(pair, (stage) => tryOn(stage, writer, trial));
  if (seen.kind !== 'stops') return seen;
  // What stops it without the unit too tells nothing of the unit.
  const before = await onPlainPair(pair, async (stage) => {
    await enter(stage, trial.prelude);
    await writeRound(stage, writer);
    return settled(stage);
  });
  return before === null ? seen : { kind: 'unseen', said: `before it a worker that is no superuser stops: ${before}` };
}

async function tryOn(stage: Stage, writer: Writer, trial: RightsTrial): Promise<RightsSeen> {
  await enter(stage, trial.prelude);
  const roles = await rolesOf(stage);
  const failed = await runOnBoth(stage, trial);
  if (failed !== null) return { kind: 'unseen', said: `where it was tried with such a worker it fails: ${failed}` };
  await takeFromSuperuser(stage.clone);
  if (trial.publishes) await stage.refresh(false);
  stage.forgetErrors();
  await writeRound(stage, writer);
  const said = await settled(stage);
  if (said === null) return { kind: 'enough' };
  const strange = await strangeOwners(stage.clone);
  if (strange.length === 0) return { kind: 'stops', said };
  await mayActAs(stage.clone, strange);
  stage.forgetErrors();
  const still = await settled(stage);
  if (still !== null) return { kind: 'stops', said: still };
  return { kind: 'grants', said, roles: strange.map((role) => ({ role, made: !roles.includes(role) })) };
}

async function settled(stage: Stage): Promise<string | null> {
  const said = await stage.settle();
  return said === null ? null : withoutOurs(said);
}

async function runOnBoth(stage: Stage, { unit, forClone, sourceFirst, settles }: RightsTrial): Promise<string | null> {
  const onClone = (): Promise<string | null> => runPlainly(unit, forClone, stage.clone);
  const onSource = (): Promise<string | null> => runPlainly(unit, unit.statements, stage.source);
  if (!sourceFirst) return (await onClone()) ?? onSource();
  const failed = await onSource();
  if (failed !== null) return failed;
  if (settles) await stage.settle();
  return onClone();
}

async function rolesOf(stage: Stage): Promise<readonly string[]> {
  const rows = await stage.clone.query<{ name: string }>('SELECT rolname::text AS name FROM pg_roles');
  return rows.map(({ name }) => name);
}

async function onPlainPair<T>(pair: ScratchPair, work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await pair.stage();
  try {
    await givePlainOwner(stage.clone, stage.name, pair.major);
    return await work(stage);
  } finally {
    await pair.drop(stage);
    await pair.tidy();
  }
}
