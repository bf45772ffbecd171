import { setTimeout as pause } from 'node:timers/promises';
import { conditionOf, isDecided } from '../checks/stream-condition';
import type { StreamsSeen, StreamLook, StreamLooks } from '../model/survey';
import { relationName, workerTimeouts } from '../postgres/catalog/apply-workers';
import { type StreamOf, streamsOf } from '../model/streams';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { holdOf } from '../resources/held-stream';
import { lookOnce, type EarlyLook } from './look-once';
import { observeGivenPasswords } from './observe-password';
import { withPublished } from './causes-by-publication';
import { withCauses } from './read-causes';
import type { Reading } from '../connections/reading';
import type { Observation, SourceObservation } from '../model/observation';
import type { SourceContract } from '../../contract/contract';
import { lacking } from '../resources/role-lacks';

const EVERY_MS = 250;
/** So long a worker may take from its start until it is seen. */
const STARTING_MS = 1_000;
/** Longer than this nobody wants to wait for a plan. */
const LONGEST_MS = 10_000;
/** A worker that fails at once is mostly seen between two tries: on a busy server one more try tells. */
const TRIES_OF_STOPPED = 2;

/** @returns null while there is no clone */
export async function lookAtStreams(
  reading: Reading,
  observation: Observation,
  early: EarlyLook | null = null,
): Promise<StreamsSeen | null> {
  if (observation.target === null) return null;
  const names = reading.contracts.source.links.map((link) => link.database);
  const onBoth = names.find(
    (name) => observation.source.databases[name]?.exists && observation.target!.databases[name]?.exists,
  );
  // Where no database is on both sides there is no stream, and the plan says so.
  if (onBoth === undefined) return null;
  const { passwordWorks } = observation.source;
  const seen = withPublished(
    reading.contracts.source,
    observation,
    await lookFrom(reading, onBoth, passwordWorks, {
      isKeptOut: keepsEveryoneOut(reading.contracts.source, observation.source),
      early,
    }),
  );
  const streams = streamFacts(reading.contracts.source, observation).filter(
    (of) => passwordWorks === false || (passwordWorks === true && wasGivenAnother(observation, of)),
  );
  if (streams.length === 0) return seen;
  const place = { side: 'source', database: onBoth } as const;
  return { ...seen, givenPasswordsWork: await observeGivenPasswords(reading, place, streams, passwordWorks === true) };
}

/** By its own facts: what another try of a worker would meet with is known. */
const keepsEveryoneOut = (contract: SourceContract, source: SourceObservation): boolean =>
  source.passwordWorks === false ||
  lacking(contract, source).some(({ keepsOut, database }) => keepsOut !== null && database === null);

/** What is held is given the present one when it goes on. */
const wasGivenAnother = ({ source }: Observation, of: StreamFacts): boolean =>
  of.subscriptionMark !== null && of.subscriptionMark.secretVersion !== source.secretVersion && holdOf(of) === null;

/**
 * Looks at every stream; at those of which one look is no proof, again, until
 * a worker that ended must have been started anew. Read-only.
 * @param database one that is on both sides
 * @param known `isKeptOut`: no worker can log in, and why is known, so that one try of it is enough
 */
export async function lookFrom(
  reading: Reading,
  database: string,
  passwordWorks: boolean | null,
  { isKeptOut = false, early = null }: { readonly isKeptOut?: boolean; readonly early?: EarlyLook | null } = {},
): Promise<StreamsSeen> {
  const streams = streamsOf(reading.contracts.source);
  const look = () => lookOnce(reading, database, streams);
  const timeouts = await reading.ask({ side: 'target', database }, workerTimeouts);
  let began = Date.now();
  let first: readonly StreamLook[] = await look();
  let last = first;
  const pairs = () => first.map((one, index) => ({ first: one, last: last[index]! }));
  const isOpen = () => pairs().some((both) => !isDecided(conditionOf(both, timeouts), both));
  const triesOf = (isStopped: boolean) => {
    if (!isStopped || isKeptOut) return 1;
    return timeouts.workers === 0 ? 0 : TRIES_OF_STOPPED;
  };
  const isPatient = () => {
    const isStopped = pairs().some((both) => conditionOf(both, timeouts) === 'stopped');
    return Date.now() - began < Math.min(triesOf(isStopped) * timeouts.retryMs + STARTING_MS, LONGEST_MS);
  };
  if (isOpen() && early !== null) [began, first] = [early.at, early.looks];
  while (isOpen() && isPatient()) {
    await pause(EVERY_MS);
    last = await look();
  }
  const seconds = (Date.now() - began) / 1_000;
  const looks = streams.map(async (of, index): Promise<[string, StreamLooks]> => {
    const waitsFor = await nameOfAwaited(reading, of, last[index]!);
    return [of.stream.subscription, { first: first[index]!, last: last[index]!, seconds, waitsFor }];
  });
  const seen = { database, timeouts, looks: Object.fromEntries(await Promise.all(looks)), passwordWorks };
  return withCauses(reading, seen, began);
}

async function nameOfAwaited(reading: Reading, of: StreamOf, { worker }: StreamLook): Promise<string | null> {
  if (worker === null || worker.waitsForRelation === null) return null;
  const { waitsForRelation: oid } = worker;
  return reading.again({ side: 'target', database: of.database }, relationName, oid);
}
