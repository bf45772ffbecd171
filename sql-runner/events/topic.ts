import { topicPublisher } from '../aws/topic';
import { explain } from '../explain/explain';
import type { ServeEvent } from './event';
import { NotReceived, type Receiver } from './outbox';

/** A topic of SNS. Whoever subscribes can filter by the attributes. */
export function topic(arn: string, accounts: Parameters<typeof topicPublisher>[1]): Receiver {
  const publish = topicPublisher(arn, accounts);
  return {
    name: `topic ${arn}`,
    async deliver(body, event) {
      const { kind, environment, healthy, slot, id } = event;
      const attributes = { kind, environment, healthy: healthy === null ? 'unknown' : String(healthy) };
      try {
        await publish({ subject: subjectOf(event), body, attributes, group: slot ?? environment, id });
      } catch (cause) {
        const { code, seen } = explain(cause);
        throw new NotReceived(`${code}: ${seen}`);
      }
    },
  };
}

/** SNS takes printable ASCII of less than 100 characters (API reference, Publish). */
function subjectOf({ kind, environment, slot, healthy, told }: ServeEvent): string {
  const how = told ?? (healthy === null ? kind : healthy ? 'healthy' : 'not healthy');
  const whom = slot ?? (told === undefined ? 'all streams' : null);
  return [environment, ...(whom === null ? [] : [whom]), how]
    .join(': ')
    .replace(/[^ -~]/g, '?')
    .slice(0, 99);
}
