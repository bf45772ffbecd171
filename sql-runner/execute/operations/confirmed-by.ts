import type { StreamOf } from '../../model/streams';
import { replicationSlots } from '../../postgres/catalog/slots';
import { compareLsn } from '../../postgres/text/lsn';
import type { Execution } from '../execution';

/** The clone has told the slot of its stream that it has all up to this position. */
export async function confirmedBy(
  { publisher, stream }: StreamOf,
  { connections }: Execution,
  lsn: string,
): Promise<boolean> {
  const slots = await connections.use(publisher, replicationSlots);
  const confirmed = slots.find(({ name }) => name === stream.slot)?.confirmedFlushLsn ?? '0/0';
  return compareLsn(confirmed, lsn) >= 0;
}
