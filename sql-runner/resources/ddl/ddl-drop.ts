import type { SourceContract } from '../../../contract/contract';
import type { Place } from '../../model/address';
import { propose, sqlChange, type Change, type Proposal } from '../../model/change';
import type { SourceObservation, TargetObservation } from '../../model/observation';
import type { StreamOf } from '../../model/streams';
import type { DdlLog } from '../../postgres/catalog/ddl-logs';
import { quoteIdent } from '../../postgres/text/quoting';
import { ownLog } from './ddl-facts';

/** The event triggers first: afterwards nothing of this is written down, and the server drops no schema under them. */
export function ddlDrop(place: Place, { schema, eventTriggers }: DdlLog): Change {
  return sqlChange({
    address: { ...place, kind: 'ddl-log', name: schema },
    action: 'delete',
    reason: 'the environment does not follow DDL any more',
    place,
    guards: [],
    statements: [
      ...eventTriggers.map(({ name }) => ({ text: `DROP EVENT TRIGGER ${quoteIdent(name)}` })),
      { text: `DROP SCHEMA ${quoteIdent(schema)} CASCADE` },
    ],
  });
}

/** Teardown and reset: whatever is ours. A clone of before the reset keeps its copy until it is replaced. */
export function planDdlDrop(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation | null,
  of: StreamOf,
): Proposal {
  const here = ownLog(contract, source, of);
  const there = target === null || target.isSourceServer ? null : ownLog(contract, target, of);
  return propose([
    ...(here === null ? [] : [ddlDrop(of.publisher, here)]),
    ...(there === null ? [] : [ddlDrop(of.subscriber, there)]),
  ]);
}
