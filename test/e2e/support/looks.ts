import { diagnose, type Diagnosis } from '../../../sql-runner/actions/doctor';
import { readStatus, type EnvironmentStatus } from '../../../sql-runner/actions/status';
import { openConnections, type Open } from '../../../sql-runner/connections/open';
import { readOnce, type Reading } from '../../../sql-runner/connections/reading';
import { makePlan } from '../../../sql-runner/actions/run';
import type { Plan } from '../../../sql-runner/model/plan';
import type { Contracts } from '../../../contract/contract';

/** A world, or what else knows of its stacks. */
interface Known {
  readonly contracts: Contracts;
  /** Without it, by new sessions. */
  readonly open?: Open;
}

/** What doctor finds. */
export const diagnosisOf = ({ contracts, open = openConnections }: Known): Promise<Diagnosis> =>
  diagnose(open, contracts);

/** What status shows. */
export const statusOf = ({ contracts, open = openConnections }: Known): Promise<EnvironmentStatus> =>
  readStatus(open, contracts);

/** What the three commands say of one moment. */
export interface Looks {
  readonly plan: Plan;
  readonly diagnosis: Diagnosis;
  readonly status: EnvironmentStatus;
}

/** Plan, doctor and status, each as it is, but over the same answers: what is said of them is read once. */
export function looksOf(known: Known): Promise<Looks> {
  const { contracts } = known;
  return overOneReading(known, async (open) => {
    const [found, status] = await Promise.all([planAndDiagnosis(open, contracts), readStatus(open, contracts)]);
    return { ...found, status };
  });
}

/** As `looksOf`, where status may not be had. */
export function findingsOf(known: Known): Promise<Omit<Looks, 'status'>> {
  return overOneReading(known, (open) => planAndDiagnosis(open, known.contracts));
}

async function planAndDiagnosis(open: Open, contracts: Contracts): Promise<Omit<Looks, 'status'>> {
  const [plan, diagnosis] = await Promise.all([makePlan(open, contracts, 'apply'), diagnose(open, contracts)]);
  return { plan, diagnosis };
}

async function overOneReading<T>(
  { contracts, open = openConnections }: Known,
  work: (open: Open) => Promise<T>,
): Promise<T> {
  let reading: Reading | undefined;
  const kept = open(contracts, true, [], (connections) => (reading ??= readOnce(connections)));
  const end = kept.close.bind(kept);
  // Open until all who use them are done.
  kept.close = () => Promise.resolve();
  try {
    // Whoever asks for other parts, the source alone for instance, gets those.
    return await work((asked, ...more) => (asked === contracts ? kept : open(asked, ...more)));
  } finally {
    await end();
  }
}
