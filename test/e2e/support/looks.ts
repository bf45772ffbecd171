import { diagnose, type Diagnosis } from '../../../sql-runner/actions/doctor';
import { readStatus, type EnvironmentStatus } from '../../../sql-runner/actions/status';
import { openConnections, type Open } from '../../../sql-runner/connections/open';
import { Connections } from '../../../sql-runner/connections/connections';
import { readOnce, type Reading } from '../../../sql-runner/connections/reading';
import { makePlan } from '../../../sql-runner/actions/run';
import type { Plan } from '../../../sql-runner/model/plan';
import type { Contracts } from '../../../contract/contract';

/** A world, or what else knows of its stacks. */
interface Known {
  readonly contracts: Contracts;
}

/** What doctor finds. */
export const diagnosisOf = ({ contracts }: Known): Promise<Diagnosis> => diagnose(openConnections, contracts);

/** What status shows. */
export const statusOf = ({ contracts }: Known): Promise<EnvironmentStatus> => readStatus(openConnections, contracts);

/** What the three commands say of one moment. */
export interface Looks {
  readonly plan: Plan;
  readonly diagnosis: Diagnosis;
  readonly status: EnvironmentStatus;
}

/** Plan, doctor and status, each as it is, but over the same answers: what is said of them is read once. */
export function looksOf({ contracts }: Known): Promise<Looks> {
  return overOneReading(contracts, async (open) => {
    const [found, status] = await Promise.all([planAndDiagnosis(open, contracts), readStatus(open, contracts)]);
    return { ...found, status };
  });
}

/** As `looksOf`, where status may not be had. */
export function findingsOf({ contracts }: Known): Promise<Omit<Looks, 'status'>> {
  return overOneReading(contracts, (open) => planAndDiagnosis(open, contracts));
}

async function planAndDiagnosis(open: Open, contracts: Contracts): Promise<Omit<Looks, 'status'>> {
  const [plan, diagnosis] = await Promise.all([makePlan(open, contracts, 'apply'), diagnose(open, contracts)]);
  return { plan, diagnosis };
}

async function overOneReading<T>(contracts: Contracts, work: (open: Open) => Promise<T>): Promise<T> {
  const kept = new KeptConnections(contracts);
  try {
    // Whoever asks for other parts, the source alone for instance, gets those.
    return await work((asked, ...more) => (asked === contracts ? kept : openConnections(asked, ...more)));
  } finally {
    await kept.end();
  }
}

/** Open until all who use them are done, with one reading for all of them. */
class KeptConnections extends Connections {
  constructor(contracts: Contracts) {
    let reading: Reading | undefined;
    super(contracts, true, [], (connections) => (reading ??= readOnce(connections)));
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return super.close();
  }
}
