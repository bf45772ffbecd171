import type { SourceContract } from '../../contract/contract';
import { block, joinProposals, propose, type Finding, type Proposal, type Refusal } from '../model/change';
import type { Observation, TargetObservation } from '../model/observation';
import type { Plan } from '../model/plan';
import { streamFacts } from '../model/stream-state';
import { ALL_VIEWS, type DatabaseViews, type ViewsWanted } from '../model/views';
import { isResetUnfinished } from '../resources/retirement';
import { isLeftEmpty, isNamed, isOurs, viewFindings } from '../resources/view-findings';
import { viewOrder } from '../resources/view-order';
import { refreshChange } from '../resources/view-refresh';
import { finishPlan } from './finish-plan';
import { checkSameServer } from './gates/clone';

/** Every materialized view of the clone that was asked for, after those that it reads. */
export function planRefresh(contract: SourceContract, observation: Observation): Plan {
  const wanted = observation.views?.wanted ?? ALL_VIEWS;
  const plan = finishPlan(contract, observation, proposed(contract, observation, wanted), {
    mode: 'refresh',
    nextStep: () => null,
    beside: () => [],
  });
  return { ...plan, views: wanted };
}

function proposed(contract: SourceContract, observation: Observation, wanted: ViewsWanted): Proposal {
  const { target } = observation;
  const streams = streamFacts(contract, observation);
  if (target === null || isResetUnfinished(streams)) return block(notFollowed(contract, null));
  const same = checkSameServer(contract, target);
  if (same.length > 0) return propose([], same);
  const read = observation.views?.databases ?? {};
  const asked = contract.links
    .map(({ database }) => database)
    .filter((name) => wanted.database === null || name === wanted.database);
  const follows = (database: string) =>
    streams.filter((of) => of.database === database).every(({ state }) => state === 'enabled' || state === 'aligned');
  const followed = asked.filter((database) => read[database] !== undefined && follows(database));
  const others = asked.filter((database) => !followed.includes(database));
  const unknown = wanted.names.filter((name) => !isThere(name, wanted, followed, read));
  if (asked.length === 0 || (unknown.length > 0 && others.length === 0))
    return block(notFound(contract, wanted, unknown));
  if (followed.length === 0) return block(notFollowed(contract, others));
  const left: Finding[] =
    others.length === 0 ? [] : [{ ...notFollowed(contract, others), severity: 'block', standing: true }];
  return joinProposals([
    propose([], left),
    ...followed.map((database) => ofDatabase(contract, target, { database, read: read[database]!, wanted })),
  ]);
}

function isThere(
  name: string,
  wanted: ViewsWanted,
  databases: readonly string[],
  read: Readonly<Record<string, DatabaseViews>>,
): boolean {
  return databases.some((database) =>
    read[database]!.clone.some((view) => isNamed({ ...wanted, names: [name] }, view)),
  );
}

interface Of {
  readonly database: string;
  readonly read: DatabaseViews;
  readonly wanted: ViewsWanted;
}

function ofDatabase(contract: SourceContract, target: TargetObservation, { database, read, wanted }: Of): Proposal {
  const ordered = viewOrder(read.clone, read.reads);
  const going = ordered.filter(
    ({ view }) => isNamed(wanted, view) && isOurs(view) && !isLeftEmpty({ wanted, read }, view),
  );
  const of = {
    database,
    chosen: new Set(going.map(({ view }) => view)),
    slots: contract.links
      .filter((link) => link.database === database)
      .flatMap(({ streams }) => streams.map(({ slot }) => slot)),
    statementSeconds: wanted.statementSeconds,
    refreshed: read.refreshed,
  };
  const { environment } = contract;
  const judged = { environment, database, cloneVersion: target.server.versionNum, read, wanted, ordered };
  return propose(
    going.map((one) => refreshChange(one, of)),
    viewFindings(judged),
  );
}

function notFollowed({ environment }: SourceContract, databases: readonly string[] | null): Refusal {
  return {
    code: 'VIEWS_NOT_FOLLOWED',
    seen:
      databases === null
        ? `environment ${environment} has no clone that follows`
        : `on the clone these databases do not follow the source: ${databases.join(', ')}`,
    why: 'a clone brings its materialized views along as they were when it was taken, and its tables as well: until it follows, a refresh brings nothing',
    next: `see what is left to be done: sql-runner plan ${environment}`,
  };
}

function notFound(
  { environment, links }: SourceContract,
  { database }: ViewsWanted,
  unknown: readonly string[],
): Refusal {
  const known = links.some((link) => link.database === database);
  return {
    code: 'VIEWS_NOT_FOUND',
    seen:
      database !== null && !known
        ? `environment ${environment} has no database ${database}`
        : `${database === null ? 'no database' : `database ${database}`} of the clone has ${database === null ? 'a' : 'no'} materialized view ${unknown.join(', ')}`,
    why: 'nothing was refreshed: a name that is not there may be that of another view than the one that was meant',
    next: `sql-runner plan ${environment} --refresh names all that there are, as schema.name`,
  };
}
