import { planApply } from '../../../sql-runner/engine/plan-apply';
import { sourceContract } from '../support/contract';
import { cloned, edit, following, prepared, type Draft } from '../support/observations';

/** Whatever lacks a heartbeat follows; that its history is not proven is said. */
const contract = sourceContract();
type Observation = ReturnType<typeof following>;
const without = (of: Observation, ...sides: ('source' | 'target')[]) =>
  edit(of, (draft: Draft<Observation>) => {
    for (const side of sides) draft[side]!.databases.shop!.heartbeats = [];
  });
const said = (observation: Observation) =>
  planApply(contract, observation)
    .findings.filter(({ code }) => code === 'HEARTBEAT_MISSING')
    .map(({ severity, seen }) => `${severity} ${/(not on|on neither) .*$/.exec(seen)![0]}`);

test.each([
  ['a stream that has one', following(contract), []],
  ['the source has none', without(following(contract), 'source'), ['warn not on the source']],
  ['the clone has none', without(following(contract), 'target'), ['warn not on the clone']],
  ['neither has one', without(following(contract), 'source', 'target'), ['warn on neither side']],
  ['a clone to connect has none', without(cloned(contract), 'target'), ['warn not on the clone']],
  ['it went before there is a clone', without(prepared(contract), 'source'), ['warn not on the source']],
  [
    'the clone of another ticket has none',
    edit(without(cloned(contract), 'target'), (draft) => (draft.target!.deployedNonce = 'another')),
    [],
  ],
  [
    'it has another name, which is said',
    edit(without(following(contract), 'target'), ({ target }) =>
      Object.assign(target!.databases.shop!, { heartbeatsElsewhere: [{ schema: 'acas_demo_shop', table: 'moved' }] }),
    ),
    [],
  ],
])('%s', (_, observation, expected) => {
  expect(said(observation)).toEqual(expected);
});
