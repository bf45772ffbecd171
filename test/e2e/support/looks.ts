import { diagnose, type Diagnosis } from '../../../sql-runner/actions/doctor';
import { readStatus, type EnvironmentStatus } from '../../../sql-runner/actions/status';
import { openConnections } from '../../../sql-runner/connections/open';
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
export async function looksOf({ contracts }: Known): Promise<Looks> {
  const kept = new KeptConnections(contracts);
  const open = () => kept;
  try {
    const [plan, diagnosis, status] = await Promise.all([
      makePlan(open, contracts, 'apply'),
      diagnose(open, contracts),
      readStatus(open, contracts),
    ]);
    return { plan, diagnosis, status };
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
