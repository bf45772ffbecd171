import { blueGreenDeployments, type BlueGreen } from '../aws/blue-green';
import { explain } from '../explain/explain';
import type { Reading } from '../connections/reading';

/** What only a hold asks for, and does without where it is denied: then that is said. */
export function observeBlueGreen(reading: Reading): Promise<readonly BlueGreen[] | { readonly notAsked: string }> {
  const { arn } = reading.contracts.source.cluster;
  return reading
    .aws('source', blueGreenDeployments, arn)
    .catch((cause: unknown) => ({ notAsked: explain(cause).seen }));
}
