import type { Observation } from '../../../sql-runner/model/observation';
import type { PlanMode } from '../../../sql-runner/model/plan';
import { formatMark, type PublicationMark } from '../../../sql-runner/model/mark';
import { following, NONCE, prepared, slot, ticketed, untouched, type Draft } from '../support/observations';
import { after, contract, withFence } from './scenarios';

const marked =
  (mark: Partial<PublicationMark>) =>
  ({ source }: Draft<Observation>) => {
    const whole = { kind: 'publication', environment: 'demo', slot: 'acas_demo_shop', ...mark } as const;
    source.databases.shop!.publications[0]!.comment = formatMark(whole);
  };

/** As SCENARIOS: what takes away. */
export const SCENARIOS_OF_THE_END: readonly (readonly [name: string, mode: PlanMode, observation: Observation])[] = [
  ['teardown of an untouched source', 'teardown', untouched(contract)],
  [
    'teardown of a stream that follows',
    'teardown',
    after(following, ({ source }) => (source.databases.shop!.connectGrant.hasGrant = true)),
  ],
  [
    'teardown with a copy of the role on the clone',
    'teardown',
    after(following, ({ source, target }) => {
      target!.role = { comment: source.role!.comment };
      target!.databases.shop!.connectGrant!.hasGrant = true;
    }),
  ],
  [
    'teardown beside what others have on the clone under our names',
    'teardown',
    after(following, ({ target }) => {
      target!.role = { comment: 'of somebody' };
      for (const database of Object.values(target!.databases)) {
        database.publications[0]!.comment = null;
        database.heartbeats![0]!.comment = null;
      }
    }),
  ],
  ['teardown with a fence', 'teardown', after(following, withFence)],
  [
    'teardown beside slots of others',
    'teardown',
    after(following, ({ source }) => {
      source.slots.push(
        slot('physical', 'shop', { slotType: 'physical' }),
        slot('passing', 'shop', { temporary: true }),
      );
    }),
  ],
  [
    'teardown beside a logical slot of others',
    'teardown',
    after(following, ({ source }) => source.slots.push(slot('dms', 'shop'))),
  ],
  ['reset without a clone', 'reset', ticketed(contract)],
  ['reset of a stream that follows', 'reset', after(following, withFence)],
  ['reset of nothing', 'reset', untouched(contract)],
  ['an apply that finds a reset half-way', 'apply', after(following, marked({ resetting: true }))],
  [
    'a reset that is half-way and a ticket again',
    'reset',
    after(following, marked({ resetting: true, ticket: { nonce: NONCE, confirmedFlushLsn: '0/1' } })),
  ],
  ['a reset of a publication without a ticket', 'reset', after(prepared, marked({}))],
  [
    'a reset of a parameter without anything else',
    'reset',
    { ...untouched(contract), ticket: ticketed(contract).ticket },
  ],
  [
    'a reset whose publication names another slot',
    'reset',
    after(ticketed, (draft) => {
      marked({ slot: 'another' })(draft);
    }),
  ],
  [
    'a reset whose publication is left on the clone only',
    'reset',
    after(following, ({ source, target }) => {
      source.databases.shop!.publications = [];
      const { publications } = target!.databases.shop!;
      publications.unshift({ ...publications[0]!, name: 'other', comment: null });
    }),
  ],
  ['a slot that our publication does not name', 'apply', after(prepared, marked({ slot: 'another' }))],
  ['a slot that is physical', 'apply', after(ticketed, ({ source }) => (source.slots[0]!.slotType = 'physical'))],
];
