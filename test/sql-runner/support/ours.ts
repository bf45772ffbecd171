import type { Change } from '../../../sql-runner/model/change';
import type { Observation } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { compareLsn } from '../../../sql-runner/postgres/text/lsn';
import { ownMark } from '../../../sql-runner/model/mark';
import type { SourceContract } from '../../../contract/contract';
import { hasNamed } from './inheritables';

/** The kind of a change, from the id that people see. */
export const kindOf = (change: Change): string => {
  const [side, second, third] = change.id.split('/');
  const clusterWide = [
    'parameter-group',
    'reboot',
    'role',
    'copied-role',
    'role-password',
    'clone-ticket',
    'inherited-slot',
    'inherited-origin',
  ].includes(second!);
  return `${side} ${clusterWide ? second : third}`;
};
export const databaseOf = (change: Change): string => change.id.split('/')[1]!;

/** Whether what the change is about is absent, or carries our mark. */
export function isAbsentOrOurs(contract: SourceContract, change: Change, { source, target }: Observation): boolean {
  const name = change.id.split('/').at(-1)!;
  const mark = (comment: string | null, kind: 'role' | 'publication' | 'subscription' | 'heartbeat') =>
    ownMark(comment, kind, 'demo');
  const published = source.databases[databaseOf(change)]?.publications.find((publication) => publication.name === name);
  switch (kindOf(change)) {
    case 'source role':
    case 'source role-password':
      return source.role === null || mark(source.role.comment, 'role') !== null;
    case 'source publication':
      return published === undefined || mark(published.comment, 'publication') !== null;
    case 'target copied-role':
      return mark(target!.role!.comment, 'role') !== null;
    case 'target copied-publication': {
      const copies = target!.databases[databaseOf(change)]!.publications;
      return mark(copies.find((copy) => copy.name === name)!.comment, 'publication') !== null;
    }
    case 'target copied-heartbeat': {
      const copies = target!.databases[databaseOf(change)]!.heartbeats!;
      return mark(copies.find(({ schema }) => schema === name)!.comment, 'heartbeat') !== null;
    }
    case 'source slot':
      return (
        !source.slots.some((slot) => slot.name === name) ||
        (published !== undefined && mark(published.comment, 'publication') !== null)
      );
    case 'target inherited-subscription': {
      const doomed = target!.subscriptions.find(
        (candidate) => candidate.name === name && candidate.database === databaseOf(change),
      );
      return (
        !streamsOf(contract).some((of) => of.stream.subscription === name) &&
        source.subscriptions.some(({ oid }) => oid === doomed?.oid)
      );
    }
    case 'target inherited-slot': {
      const doomed = target!.slots.find((slot) => slot.name === name)!;
      return !doomed.active && (doomed.restartLsn === null || compareLsn(doomed.restartLsn, target!.seedLsn!) <= 0);
    }
    case 'target inherited-event-trigger':
    case 'target inherited-cron-job':
    case 'target inherited-prepared-transaction':
    case 'target inherited-origin':
    case 'target inherited-trigger':
    case 'target inherited-publication':
    case 'target inherited-index':
      return hasNamed(name, source.inheritable);
    case 'source heartbeat': {
      const found = source.databases[databaseOf(change)]!.heartbeats!.find(({ schema }) => schema === name);
      return found === undefined || mark(found.comment, 'heartbeat') !== null;
    }
    case 'source parameter-group':
    case 'source reboot':
    case 'source clone-ticket':
      return true;
    default: {
      const { subscription } = target!.databases[databaseOf(change)]!.streams[name]!;
      return subscription === null || mark(subscription.comment, 'subscription') !== null;
    }
  }
}
