import type { StreamOf } from '../../model/streams';
import { originName, originState } from '../../postgres/catalog/origins';
import { namesUnapplied } from '../../postgres/catalog/sent-transactions';
import { replicationSlots } from '../../postgres/catalog/slots';
import { subscriptions } from '../../postgres/catalog/subscriptions';
import type { ChangedTable } from '../../postgres/sent-names';
import type { Session } from '../../postgres/session';
import type { Execution } from '../execution';

/** So long production may be kept busy with looking into one slot; what is decoded meanwhile lies on its disk. */
const LOOK_MS = 20_000;
/** At one position production is not asked more often. */
const SAME_AGAIN_MS = 10_000;

/** The slot is in use; it took too long; the login may not look. */
const NOT_NOW = ['55006', '57014', '42501'];

/**
 * Under which names the transaction that the clone applies next has its changes. A worker that cannot apply one begins
 * again after a while, and in between nobody reads the slot.
 */
export class NextNames {
  private session: Promise<Session> | null = null;
  private looked: { readonly origin: string; readonly at: number } | null = null;

  constructor(
    private readonly of: StreamOf,
    private readonly execution: Execution,
  ) {}

  /** @returns none: it is not known for certain */
  async look(): Promise<readonly ChangedTable[]> {
    if (await this.isRead()) return [];
    const origin = await this.origin();
    if (origin === null) return [];
    const { looked } = this;
    if (looked?.origin === origin && Date.now() - looked.at < SAME_AGAIN_MS) return [];
    const found = await this.changed(origin);
    if (found === null) return [];
    this.looked = { origin, at: Date.now() };
    return (await this.origin()) === origin ? found : [];
  }

  async close(): Promise<void> {
    await (await this.session)?.close();
  }

  private async changed(origin: string): Promise<readonly ChangedTable[] | null> {
    const { publisher, stream } = this.of;
    const { connections } = this.execution;
    this.session ??= connections.open(publisher, true, { statementTimeoutMs: LOOK_MS });
    const { slot, publication } = stream;
    try {
      return await namesUnapplied(await this.session, { slot, publication, origin, finish: null });
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (!NOT_NOW.includes(code)) throw error;
      // Once more right away only where a worker was there first.
      return code === '55006' ? null : [];
    }
  }

  private async isRead(): Promise<boolean> {
    const slots = await this.execution.connections.use(this.of.publisher, replicationSlots);
    return slots.find(({ name }) => name === this.of.stream.slot)?.active !== false;
  }

  /** null: it has no progress, or there is no such subscription. */
  private origin(): Promise<string | null> {
    return this.execution.connections.use(this.of.subscriber, async (session) => {
      const own = (await subscriptions(session)).find(({ name }) => name === this.of.stream.subscription);
      return own === undefined ? null : ((await originState(session, originName(own.oid)))?.progress ?? null);
    });
  }
}
