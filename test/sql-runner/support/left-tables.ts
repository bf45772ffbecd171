import type { LeftTable } from '../../../sql-runner/model/table-notes';
import { formatMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import type { Observation } from '../../../sql-runner/model/observation';
import { edit, following } from './observations';
import { contract, SUBSCRIPTION } from './new-tables';
import { SUBSCRIPTION_MARK } from './subscription-mark';

/** Of the tables that the clone came with. */
export const OIDS = { customers: 16_500, orders: 16_501 } as const;

/** A stream that follows public.customers and public.orders, as both sides and its subscription have them. */
export function followed(): Observation {
  return edit(following(contract), ({ source, target }) => {
    const [there, here] = [source.databases.shop!, target!.databases.shop!];
    const oidOf = (name: string) => OIDS[name as keyof typeof OIDS];
    there.tables = there.tables.filter(({ name }) => name in OIDS).map((one) => ({ ...one, oid: oidOf(one.name) }));
    const tables = Object.entries(OIDS).map(([name, oid]) => ({ oid, schema: 'public', name }));
    there.publications[0]!.tables = tables.map((one) => ({ ...one }));
    here.publications[0]!.tables = tables.map((one) => ({ ...one }));
    here.taken = tables.map(({ oid, schema, name }) => ({
      subscription: SUBSCRIPTION,
      table: oid,
      schema,
      name,
      state: 'r',
    }));
    Object.assign(source, { newTables: { [SUBSCRIPTION]: [] } });
    Object.assign(target!, { leftTables: { [SUBSCRIPTION]: [] } });
  });
}

/** With this note in the mark of the subscription, and what the clone has of it. */
export const left = (observation: Observation, notes: readonly LeftTable[], hasRows = true): Observation =>
  edit(observation, ({ target }) => {
    const mark: SubscriptionMark = { ...SUBSCRIPTION_MARK, made: undefined, left: [...notes] };
    target!.databases.shop!.streams[SUBSCRIPTION]!.subscription!.comment = formatMark(mark);
    const facts = notes.map(({ oid, schema, name }) => ({
      ...{ oid, schema, name, here: oid },
      ...{ partitioned: false, hasRows, referenced: false },
    }));
    Object.assign(target!, { leftTables: { [SUBSCRIPTION]: facts } });
  });

export const unpublished = (observation: Observation, name: string): Observation =>
  edit(observation, ({ source }) => {
    const [publication] = source.databases.shop!.publications;
    publication!.tables = publication!.tables.filter((one) => one.name !== name);
  });

export const untaken = (observation: Observation, name: string): Observation =>
  edit(observation, ({ target }) => {
    const facts = target!.databases.shop!;
    facts.taken = facts.taken!.filter((one) => one.name !== name);
  });

export const droppedOn = (observation: Observation, name: string): Observation =>
  edit(unpublished(observation, name), ({ source }) => {
    const facts = source.databases.shop!;
    facts.tables = facts.tables.filter((one) => one.name !== name);
  });
