import { describeOperatorError, type OperatorError } from '../../errors/operator-error';
import { exitOfError } from '../../errors/exit-of-error';
import type { Code } from '../../errors/codes';
import { diagnose, isHealthy as isWell, type Diagnosis } from '../../sql-runner/actions/doctor';
import { makePlan } from '../../sql-runner/actions/run';
import { readStatus, type EnvironmentStatus, type StreamStatus } from '../../sql-runner/actions/status';
import { exitOfPlan } from '../../sql-runner/commands/exit-of-plan';
import { exitOfStatus } from '../../sql-runner/commands/exit-of-status';
import { jsonDocument } from '../../sql-runner/commands/machine-output';
import { exitCode } from '../../errors/exit-codes';
import { isHealthy } from '../../sql-runner/model/health';
import type { Plan } from '../../sql-runner/model/plan';
import { explain } from '../../sql-runner/explain/explain';
import { diagnosisText } from '../../sql-runner/render/doctor-text';
import { planText } from '../../sql-runner/render/plan-text';
import { statusText } from '../../sql-runner/render/status-text';
import { styleFor } from '../../sql-runner/render/style';
import type { BrokenWorld } from './broken-world';
import { compared, type Compared } from './compared';

const plain = styleFor(process.stdout, true);

/** What one command said, as a person and as a script has it. */
interface Saying<Result> {
  readonly text: string;
  readonly exit: number;
  /** null: it ended with an error. */
  readonly result: Result | null;
  readonly error: OperatorError | null;
  /** Milliseconds from the question to the answer. */
  readonly took: number;
}

/** What all say of one moment. */
export interface Said {
  /** Milliseconds since it was broken: when they were asked, and when all had answered. */
  readonly asked: number;
  readonly answered: number;
  readonly status: Saying<EnvironmentStatus>;
  readonly json: string;
  readonly plan: Saying<Plan>;
  readonly doctor: Saying<Diagnosis>;
  /** What verify says; null: it was not asked, as it takes its time. */
  readonly compared: Compared | null;
  /** `acas_stream_healthy` of each database. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tookMetrics: number;
}

/** @param compares verify is asked as well */
export async function ask(world: BrokenWorld, since: number, compares = false): Promise<Said> {
  const asked = Date.now() - since;
  const { open, contracts } = world.lab;
  const askStatus = () =>
    saying(readStatus(open, contracts), (found) => [statusText(found, plain), exitOfStatus(found, [], false)]);
  const askPlan = () =>
    saying(makePlan(open, contracts, 'apply'), (found) => [planText(found, plain), exitOfPlan(found, true)]);
  const askDoctor = () =>
    saying(diagnose(open, contracts), (found) => [
      diagnosisText(found, plain),
      exitCode(isWell(found) ? 'done' : 'blocked'),
    ]);
  // Of many databases each has its time told, which the others would take from it on a machine of two processors.
  const [status, plan, doctor] =
    world.slower > 1
      ? [await askStatus(), await askPlan(), await askDoctor()]
      : await Promise.all([askStatus(), askPlan(), askDoctor()]);
  const json = status.result === null ? '{}' : jsonDocument(status.result);
  const verdict = compares ? await compared(world) : null;
  const scraped = performance.now();
  const metrics = await metricsOf(world);
  const tookMetrics = performance.now() - scraped;
  return { asked, answered: Date.now() - since, status, json, plan, doctor, compared: verdict, metrics, tookMetrics };
}

async function saying<Result>(
  work: Promise<Result>,
  told: (result: Result) => [text: string, exit: number],
): Promise<Saying<Result>> {
  const began = performance.now();
  try {
    const result = await work;
    const took = performance.now() - began;
    const [text, exit] = told(result);
    return { text, exit, result, error: null, took };
  } catch (cause) {
    const took = performance.now() - began;
    const error = explain(cause);
    return { text: describeOperatorError(error), exit: exitOfError(error), result: null, error, took };
  }
}

async function metricsOf({ served }: BrokenWorld): Promise<Record<string, number>> {
  const metrics = await served.metrics();
  return Object.fromEntries(
    metrics.values('acas_stream_healthy').map(({ labels, value }) => [labels.datname ?? labels.database ?? '', value]),
  );
}

export const streamOf = ({ status }: Said, database: string): StreamStatus | null =>
  status.result?.streams.find((one) => one.database === database) ?? null;

/** What blocks a plan. */
export const blocks = ({ plan }: Said): Code[] =>
  plan.error !== null
    ? [plan.error.code]
    : plan.result!.findings.filter(({ severity }) => severity === 'block').map(({ code }) => code);

/** What doctor fails by. */
export const failures = ({ doctor }: Said): Code[] =>
  doctor.error !== null
    ? [doctor.error.code]
    : doctor.result!.results.filter(({ status }) => status === 'fail').map(({ code }) => code);

export const isStreamWell = (said: Said, database: string): boolean => {
  const stream = streamOf(said, database);
  return stream !== null && isHealthy(stream);
};
