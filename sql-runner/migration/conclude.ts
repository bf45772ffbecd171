import { isWell, type Break, type Order, type Outcome, type RightsSeen, type Trials, type Verdict } from './verdict';

/** What the trials of a unit come to. Pure: the words are for what was seen, and nothing is said that was not. */
export function conclude(trials: Trials): Verdict {
  const { sourceAlone, thenClone, cloneAlone, thenSource } = trials;
  if (sourceAlone.failed !== null) return fails(sourceAlone.failed);
  const refresh = trials.refreshed;
  if (trials.stoppedBefore !== null)
    return verdict('not-judged', null, refresh, [], `without it too the stream stops: ${trials.stoppedBefore}`);
  if (thenClone === null) {
    if (isWell(sourceAlone))
      return verdict('safe', 'source', refresh, [], 'replication brings what it does to the clone');
    return verdict(
      'breaks',
      null,
      refresh,
      breaksOf(sourceAlone, 'any'),
      'what it does to rows does not reach the clone whole',
    );
  }
  const working = workingOrders(trials);
  const breaks = [...breaksOf(sourceAlone, 'source-first'), ...breaksOf(lastOf(cloneAlone, thenSource), 'clone-first')];
  if (trials.ownValues.length > 0) {
    const own: Break[] = trials.ownValues.map((words) => ({ how: 'other-values', when: 'any', words }));
    return verdict('breaks', null, refresh, own, EACH_ITS_OWN);
  }
  const [order] = working;
  const all = order === undefined ? [...breaks, ...breaksOf(thenClone, 'any')] : [];
  if (trials.rights.kind === 'stops') return takesRights(trials.rights.said, refresh, all);
  if (order === undefined) return verdict('breaks', null, refresh, all, 'no order of both sides leaves the rows equal');
  const bothWays = working.includes('source-clone') && working.includes('clone-source');
  const found =
    bothWays && !refresh
      ? verdict('safe', 'source-clone', false, [], 'rows stay equal, whichever side has it first')
      : verdict('needs-order', order, refresh, breaks, WHY[order]);
  return withRights(found, trials.rights);
}

/** What a superuser of the scratch servers may, is not what the owner of a subscription may. */
function withRights(found: Verdict, rights: Exclude<RightsSeen, { kind: 'stops' }>): Verdict {
  switch (rights.kind) {
    case 'enough':
      return found;
    case 'unseen':
      return { ...found, class: 'not-judged', why: `${NOT_SEEN}: ${rights.said}` };
    case 'grants': {
      const names = rights.roles.map(({ role }) => role).join(', ');
      const words = `without that the stream stops: ${rights.said}`;
      const why = `the owner of the subscription has to be able to act as ${names} on the clone${found.class === 'safe' ? '' : `; and ${found.why}`}`;
      const breaks: Break[] = [...found.breaks, { how: 'stops', when: 'any', words }];
      return { ...found, class: 'needs-order', grants: rights.roles, breaks, why };
    }
  }
}

/** @param others what was seen where no order works; of what the superuser's worker said too, once is enough */
function takesRights(said: string, refresh: boolean, others: readonly Break[]): Verdict {
  const stops: Break = { how: 'stops', when: 'any', words: `once the clone has it, the stream stops: ${said}` };
  return verdict('breaks', null, refresh, [stops, ...others.filter(({ words }) => !words.endsWith(said))], RIGHTS);
}

const NOT_SEEN = 'whether the owner of the subscription, who is no superuser, may still write could not be tried';

const EACH_ITS_OWN =
  'each side computes values of its own; add the column without the default, on the clone, then the source, then set the ' +
  'default on the source and fill old rows there with UPDATE';

const RIGHTS =
  'it takes rights without which the worker that applies may not write; on the clone leave out what takes them';

const WHY: Readonly<Record<Order, string>> = {
  source: 'replication brings what it does to the clone',
  'source-clone': 'the clone must not have it before the source, and must have applied all rows of before',
  'clone-source': 'the clone must have it before the first row of the source that needs it',
  'source-stops-clone': 'the stream stops at the next row, loses nothing, and goes on once the clone has it too',
};

/** Those without an interruption first. */
function workingOrders({ sourceAlone, thenClone, cloneAlone, thenSource, refreshed }: Trials): Order[] {
  const orders: Order[] = [];
  if (thenClone !== null && isWell(thenClone)) {
    const goesOn =
      isWell(sourceAlone) || (refreshed && sourceAlone.stopped === null && sourceAlone.refused.length === 0);
    if (goesOn) orders.push('source-clone');
  }
  if (cloneAlone !== null && thenSource !== null && isWell(cloneAlone) && isWell(thenSource))
    orders.push('clone-source');
  if (thenClone !== null && isWell(thenClone) && sourceAlone.stopped !== null) orders.push('source-stops-clone');
  return orders;
}

const lastOf = (first: Outcome | null, second: Outcome | null): Outcome =>
  first !== null && isWell(first) && second !== null ? second : (first ?? second)!;

function breaksOf(outcome: Outcome, when: Break['when']): Break[] {
  const breaks: Break[] = [];
  if (outcome.refused.length > 0)
    breaks.push({ how: 'refuses-writes', when: 'any', words: `production refuses writes: ${outcome.refused[0]}` });
  if (outcome.stopped !== null) breaks.push({ how: 'stops', when, words: `the stream stops: ${outcome.stopped}` });
  for (const words of outcome.differ) {
    breaks.push({ how: /lacks rows/.test(words) ? 'loses-rows' : 'other-values', when, words });
  }
  if (outcome.failed !== null) breaks.push({ how: 'stops', when, words: `it fails there: ${outcome.failed}` });
  return breaks;
}

const fails = (said: string): Verdict => verdict('fails', null, false, [], said);

const verdict = (
  kind: Verdict['class'],
  order: Order | null,
  refresh: boolean,
  breaks: readonly Break[],
  why: string,
): Verdict => ({ class: kind, order, refresh, grants: [], breaks, why });
