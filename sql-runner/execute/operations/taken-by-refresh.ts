import { OperatorError } from '../../../errors/operator-error';
import { arrivingOf } from '../../model/added-tables';
import type { AddingTo } from '../../model/table-operations';
import { tableKey } from '../../model/table-index';
import type { TableName } from '../../model/observation';
import { displayTable } from '../../model/table-selection';
import { publishedTables } from '../../postgres/catalog/publications';
import { subscriptionRelations, subscriptions } from '../../postgres/catalog/subscriptions';
import { quoteIdent } from '../../postgres/text/quoting';
import type { Execution } from '../execution';
import { markOf } from './added-mark';

/** What a subscription takes, by name as it has them, with the state of each. */
export type States = ReadonlyMap<string, string>;

export async function takenStates(stream: AddingTo, { connections }: Execution): Promise<States> {
  return connections.use(stream.place, async (session) => {
    const oid = (await subscriptions(session)).find(({ name }) => name === stream.subscription)?.oid;
    const all = (await subscriptionRelations(session)).filter(({ subscription }) => subscription === oid);
    return new Map(all.map((one) => [tableKey(one), one.state]));
  });
}

/**
 * A refresh is the only way to have a subscription forget a table, and it takes whatever is published by then: so it is
 * looked at before and after. With a copy, as what comes in that moment has no rows on the clone that were sent to it;
 * without one its rows would be missing, and nothing would say so.
 */
export async function forgetLeft(stream: AddingTo, execution: Execution): Promise<void> {
  const session = await execution.writer(stream.place);
  const arriving = arrivingOf(await markOf(session, stream));
  const known = await takenStates(stream, execution);
  await refuseOthers(stream, execution, known, arriving);
  await session.query(
    `ALTER SUBSCRIPTION ${quoteIdent(stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true)`,
  );
  await refuseDoubled(stream, execution, known, new Set(arriving.map(tableKey)));
}

/**
 * A refresh begins to copy every table that the subscription does not know. One that came with the clone has its rows,
 * and must never be among them.
 * @param expected those that are to be copied
 * @returns what the publication sends
 */
export async function refuseOthers(
  stream: AddingTo,
  execution: Execution,
  known: States,
  expected: readonly TableName[],
): Promise<readonly TableName[]> {
  const source = { side: 'source', database: stream.place.database } as const;
  const sent = await execution.connections.use(source, (session) => publishedTables(session, stream.publication));
  const keys = new Set(expected.map(tableKey));
  const others = sent.filter((table) => !known.has(tableKey(table)) && !keys.has(tableKey(table)));
  if (others.length > 0) throw unexpected(stream, others);
  return sent;
}

/** @param expected those that were to be copied, by name */
export async function refuseDoubled(
  stream: AddingTo,
  execution: Execution,
  known: States,
  expected: ReadonlySet<string>,
): Promise<void> {
  const now = await takenStates(stream, execution);
  const more = [...now.keys()].filter((key) => !known.has(key) && !expected.has(key));
  if (more.length === 0) return;
  const names = more.map((key) => ({ schema: key.split('\0')[0]!, name: key.split('\0')[1]! }));
  throw doubled(stream, names);
}

function unexpected(
  { publication, subscription, environment, place }: AddingTo,
  others: readonly TableName[],
): OperatorError {
  return new OperatorError({
    code: 'TABLE_NOT_SUBSCRIBED',
    seen: `publication ${publication} in database ${place.database} sends ${others.map(displayTable).join(', ')} as well, which subscription ${subscription} does not know`,
    why: 'to refresh the subscription would copy these too, beside the rows that the clone has of them',
    next: `sql-runner doctor ${environment} says what to do about these; then run the same command again`,
  });
}

function doubled({ subscription, environment, place }: AddingTo, more: readonly TableName[]): OperatorError {
  return new OperatorError({
    code: 'TABLE_NOT_SUBSCRIBED',
    seen: `while subscription ${subscription} in database ${place.database} was refreshed, ${more.map(displayTable).join(', ')} came into its publication and is copied too`,
    why: 'where the clone had rows of it they are there twice now, or stop its copy',
    next: `sql-runner verify ${environment} shows whether rows are there that the source has not`,
  });
}
