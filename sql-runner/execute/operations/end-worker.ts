import type { AddingTo } from '../../model/table-operations';
import { applyWorkers } from '../../postgres/catalog/apply-workers';
import type { Execution } from '../execution';
import { waitFor } from '../wait';

/** A worker that is ended is gone at once, unless it waits for the disk. */
export const END_WORKER_MS = 60_000;

/**
 * Ends the apply worker of a stream, and with it its sender on the source; the server starts another one by itself.
 * @returns whether it is gone
 */
export async function endWorker(stream: AddingTo, execution: Execution): Promise<boolean> {
  const { connections } = execution;
  const clone = await execution.writer(stream.place);
  const pids = () =>
    connections.use(stream.place, async (session) =>
      (await applyWorkers(session))
        .filter((one) => one.database === stream.place.database && one.subscription === stream.subscription)
        .flatMap(({ pid }) => pid ?? []),
    );
  const before = await pids();
  for (const pid of before) await clone.query('SELECT pg_terminate_backend($1::int)', [pid]);
  const isGone = async () => ((await pids()).some((pid) => before.includes(pid)) ? null : true);
  return (await waitFor(isGone, END_WORKER_MS)) !== null;
}
