import { diagnose, type Diagnosis } from '../../../sql-runner/actions/doctor';
import { readStatus, type EnvironmentStatus } from '../../../sql-runner/actions/status';
import { openConnections } from '../../../sql-runner/connections/open';
import type { Contracts } from '../../../contract/contract';

/** A world, or what else knows of its stacks. */
interface Known {
  readonly contracts: Contracts;
}

/** What doctor finds. */
export const diagnosisOf = ({ contracts }: Known): Promise<Diagnosis> => diagnose(openConnections, contracts);

/** What status shows. */
export const statusOf = ({ contracts }: Known): Promise<EnvironmentStatus> => readStatus(openConnections, contracts);
