import type { SourceContract } from '../../../contract/contract';
import {
  NOTHING,
  propose,
  sqlChange,
  type Change,
  type Finding,
  type Proposal,
  type Statement,
} from '../../model/change';
import type { Place } from '../../model/address';
import type { SourceObservation, TargetObservation } from '../../model/observation';
import { type StreamFacts } from '../../model/stream-state';
import type { DdlLog } from '../../postgres/catalog/ddl-logs';
import { quoteIdent } from '../../postgres/text/quoting';
import { applierStatements, SEEING, seeingStatements } from './applier';
import { allFire, isPublished, namedLog, ownLog, schemaOf, wantedOf, type Wanted } from './ddl-facts';
import { ddlDrop } from './ddl-drop';
import { drainFirst } from './drain-first';
import { logStatements } from './log-table';
import { EVENTS, recorderStatements, triggerName, triggerStatements } from './recorder';
import { takesOnlyKnown } from './takes-only-known';

/**
 * DDL in stream order. The log is made on the clone first, then on the source and in the publication, then the
 * subscription takes it; last of all the event triggers: what is written into it before that would be skipped.
 *
 * It goes the other way: the source is rid of it, and the clone's copy goes once all that was on its way has arrived. Until
 * then statements are carried out there: rows behind one that was not would stop the stream, or be others.
 */
export function planDdlLog(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamFacts,
): Proposal {
  if (of.state !== 'enabled' || of.subscriptionMark?.held !== undefined) return NOTHING;
  const wanted = wantedOf(contract, of);
  const there = { source: ownLog(contract, source, of), clone: ownLog(contract, target, of) };
  const taken = [...nameTaken(there.source, source, of, 'source'), ...nameTaken(there.clone, target, of, 'clone')];
  if (taken.length > 0) return propose([], wanted === 'off' ? [] : taken);
  return propose([
    ...ended(of, wanted, there),
    ...(wanted === 'apply' ? onClone(contract, of, there.clone) : []),
    ...(wanted === 'off' ? [] : onSource(contract, of, wanted, there.source)),
    ...(wanted === 'apply' ? subscribed(of, target, there.clone) : []),
    ...(wanted === 'off' ? [] : recording(contract, of, wanted, there.source)),
  ]);
}

/** What is on its way would find no table on the clone, and stop there. */
const ARRIVES = 'all that was written into the log is on the clone, which a beat proves, before its copy goes';

interface There {
  readonly source: DdlLog | null;
  readonly clone: DdlLog | null;
}

function nameTaken(
  ours: DdlLog | null,
  side: SourceObservation | TargetObservation,
  of: StreamFacts,
  where: string,
): Finding[] {
  if (ours !== null || namedLog(side, of) === null) return [];
  return [
    {
      code: 'DDL_NAME_TAKEN',
      severity: 'warn',
      seen: `schema ${schemaOf(of)} in database ${of.database} exists on the ${where === 'source' ? 'source' : 'clone'}, and is not ours`,
      why: 'DDL of the source is written down in a schema of that name, and nothing is touched that is not ours: it is not followed',
      next: `if it is a leftover that nobody needs, in database ${of.database} on the ${where === 'source' ? 'source' : 'clone'}: DROP SCHEMA ${quoteIdent(schemaOf(of))} CASCADE;`,
    },
  ];
}

const step = (
  of: StreamFacts,
  place: Place,
  action: Change['action'],
  reason: string,
  statements: readonly Statement[],
  more: Partial<Parameters<typeof sqlChange>[0]> = {},
): Change =>
  sqlChange({
    address: { ...place, kind: 'ddl-log', name: schemaOf(of) },
    action,
    reason,
    place,
    guards: [],
    statements,
    ...more,
  });

function onClone({ environment }: SourceContract, of: StreamFacts, there: DdlLog | null): Change[] {
  const schema = schemaOf(of);
  const names = SEEING.map((event) => triggerName(schema, event));
  if (there === null)
    return [
      step(
        of,
        of.subscriber,
        'create',
        'carries out what is written into it, where it is on the list, at its place among the rows',
        [
          ...logStatements(schema, environment),
          ...applierStatements(schema, environment),
          ...seeingStatements(schema, environment),
        ],
      ),
    ];
  if (allFire(there.triggers, ['apply'], 'R') && allFire(there.eventTriggers, names, 'R')) return [];
  return [
    step(of, of.subscriber, 'update', 'what carries statements out, or sees what they did, does not fire', [
      ...seeingStatements(
        schema,
        environment,
        there.eventTriggers.map(({ name }) => name),
      ),
      { text: `ALTER TABLE ${quoteIdent(schema)}.log ENABLE REPLICA TRIGGER apply` },
    ]),
  ];
}

function onSource({ environment }: SourceContract, of: StreamFacts, wanted: Wanted, there: DdlLog | null): Change[] {
  const schema = schemaOf(of);
  const publish = {
    text: `ALTER PUBLICATION ${quoteIdent(of.stream.publication)} ADD TABLE ONLY ${quoteIdent(schema)}.log`,
  };
  if (there === null)
    return [
      step(of, of.publisher, 'create', 'what DDL is written down in; nothing is written yet', [
        ...logStatements(schema, environment),
        ...recorderStatements(schema),
        ...(wanted === 'apply' ? [publish] : []),
      ]),
    ];
  if (wanted !== 'apply' || isPublished(there, of)) return [];
  // What is written before the subscription takes it would be skipped on the clone.
  const off = there.eventTriggers.map(({ name }) => ({ text: `ALTER EVENT TRIGGER ${quoteIdent(name)} DISABLE` }));
  return [
    step(of, of.publisher, 'update', 'it is sent to the clone; until that takes it nothing is written down', [
      ...off,
      publish,
    ]),
  ];
}

function subscribed(of: StreamFacts, target: TargetObservation, there: DdlLog | null): Change[] {
  if (there?.taken === true) return [];
  const name = quoteIdent(of.stream.subscription);
  return [
    sqlChange({
      address: { ...of.subscriber, kind: 'ddl-rows', name: schemaOf(of) },
      action: 'update',
      reason: 'the subscription takes it; it is empty, and nothing else is new to the subscription',
      place: of.subscriber,
      guards: [takesOnlyKnown(of, target)],
      statements: [{ text: `ALTER SUBSCRIPTION ${name} REFRESH PUBLICATION WITH (copy_data = false)` }],
      alone: true,
    }),
  ];
}

function recording({ environment }: SourceContract, of: StreamFacts, wanted: Wanted, there: DdlLog | null): Change[] {
  const schema = schemaOf(of);
  const names = EVENTS.map((event) => triggerName(schema, event));
  // Where it has yet to be sent, they are disabled by then.
  const stays = there !== null && (wanted === 'record' || isPublished(there, of));
  if (stays && allFire(there.eventTriggers, names, 'A')) return [];
  return [
    sqlChange({
      address: { ...of.publisher, kind: 'ddl-triggers', name: schema },
      action: there === null || there.eventTriggers.length === 0 ? 'create' : 'update',
      reason: 'from now on DDL is written down; an error in that is counted, and never refuses a statement',
      place: of.publisher,
      guards: [],
      statements: triggerStatements(schema, environment, there?.eventTriggers.map(({ name }) => name) ?? []),
    }),
  ];
}

/** What is there and is not wanted any more. Before a statement that has yet to be decided about nothing would arrive. */
function ended(of: StreamFacts, wanted: Wanted, { source, clone }: There): Change[] {
  if (wanted === 'apply' || (clone?.stopped ?? 0) > 0) return [];
  const table = `${quoteIdent(schemaOf(of))}.log`;
  const unsent = source !== null && wanted === 'record' && isPublished(source, of);
  return [
    ...(unsent
      ? [
          step(of, of.publisher, 'update', 'it is sent no more', [
            { text: `ALTER PUBLICATION ${quoteIdent(of.stream.publication)} DROP TABLE ${table}` },
          ]),
        ]
      : []),
    ...(source !== null && wanted === 'off' ? [ddlDrop(of.publisher, source)] : []),
    ...(clone === null ? [] : [drainFirst(of, ARRIVES), ddlDrop(of.subscriber, clone)]),
  ];
}
