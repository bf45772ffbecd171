import { doubtIn } from '../../sql-runner/support/trouble';
import { openConnections } from '../../../sql-runner/connections/open';
import { OperatorError } from '../../../errors/operator-error';
import type { EngineEvent } from '../../../sql-runner/model/events';
import { isEqual, verifyEnvironment } from '../../../sql-runner/actions/verify';
import { planText } from '../../../sql-runner/render/plan-text';
import { styleFor } from '../../../sql-runner/render/style';
import { looksOf } from './looks';
import { type DirectLab, refusalOf } from './direct-lab';
import { PATIENCE_MS } from '../../support/patience';

export const IN_SYNC = { code: 'nothing was refused', inSync: true };

/** What a run of apply says and how it ends. */
export async function applyOf(world: DirectLab): Promise<{ code: string; inSync: boolean }> {
  const events: EngineEvent[] = [];
  const code = await refusalOf(
    world.run('apply', { listener: (event) => events.push(event), syncTimeoutMs: PATIENCE_MS }),
  );
  return { code, inSync: events.some(({ type }) => type === 'in-sync') };
}

/** Whether verify calls database shop equal; where it cannot compare, it does not. */
export async function saysEqual(world: DirectLab): Promise<boolean> {
  const limits = { databases: ['shop'], concurrency: 2, settleTimeoutMs: 10_000, statementTimeoutMs: 0 };
  const verified = await verifyEnvironment(openConnections, world.contracts, {
    ...limits,
    onVerdict: () => undefined,
  }).catch((error: unknown) => {
    if (error instanceof OperatorError) return null;
    throw error;
  });
  return verified !== null && isEqual(verified);
}

const DOUBTS = ['CONTINUITY_NOT_PROVEN', 'HISTORY_DIFFERS', 'ORIGIN_BEHIND_SEED', 'SOURCE_PUT_BACK'];

/** The databases of which plan, doctor and status say that something is wrong or not proven. */
export async function doubtedIn(world: DirectLab, code: string): Promise<string[]> {
  const { plan, diagnosis, status } = await looksOf(world);
  const [{ results }, { streams }] = [diagnosis, status];
  expect(planText(plan, styleFor(process.stdout, true))).not.toMatch(/No changes/);
  const of = (findings: readonly { code: string; seen: string }[], said = code) =>
    findings.filter((one) => one.code === said).map(({ seen }) => /database (\w+)/.exec(seen)![1]!);
  expect(of(results.flatMap(({ status, findings }) => (status === 'pass' ? [] : findings)))).toEqual(of(plan.findings));
  const states = streams.filter((one) => doubtIn(one) !== null);
  const all = DOUBTS.flatMap((one) => of(plan.findings, one));
  expect(states.map(({ database }) => database).sort()).toEqual(all.sort());
  expect(states.map(({ state }) => state)).not.toContain('streaming');
  // Whatever one of them knows of compared rows, all say; a source writes on between two looks.
  const where = (said: string | null) => said?.replace(/[\dA-F]+\/[\dA-F]+/g, 'a position');
  expect(states.map((one) => where(doubtIn(one))).sort()).toEqual(
    plan.findings
      .filter((one) => DOUBTS.includes(one.code))
      .map((one) => where(one.seen))
      .sort(),
  );
  return of(plan.findings);
}

export async function quietIn(world: DirectLab): Promise<void> {
  const { plan, status } = await looksOf(world);
  const { streams } = status;
  expect([plan.changes, plan.findings]).toEqual([[], []]);
  expect(streams.map((one) => [one.state, doubtIn(one)])).toEqual(streams.map(() => ['streaming', null]));
}
