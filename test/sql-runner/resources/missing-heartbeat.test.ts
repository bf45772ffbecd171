import { planApply } from '../../../sql-runner/plan/plan-apply';
import { sourceContract } from '../support/contract';
import { cloned, edit, following, prepared, untouched, type Draft } from '../support/observations';

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
  ['nothing is deployed yet', prepared(contract), []],
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

test('a schema with our mark that the heartbeat was dropped from gets another one, unless something has its name', () => {
  const left = (taken: object) =>
    edit(untouched(contract), ({ source }) =>
      Object.assign(source.databases.shop!, {
        heartbeats: [{ schema: 'acas_demo_shop', comment: null, beats: [], ...taken }],
        heartbeatsElsewhere: [{ schema: 'acas_demo_shop', table: null }],
      }),
    );
  const made = planApply(contract, left({})).changes.find(({ id }) => id === 'source/shop/heartbeat/acas_demo_shop');
  expect(made!.preview.join('\n')).toMatch(/^CREATE TABLE "acas_demo_shop"."acas_heartbeat" [^]*\nCOMMENT ON TABLE/);
  expect(planApply(contract, left({ taken: true })).findings.map(({ code }) => code)).toEqual(['HEARTBEAT_NAME_TAKEN']);
});
