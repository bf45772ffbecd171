import { factsOf, streamFacts } from '../../../sql-runner/model/stream-state';
import type { Observation } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { planPublication } from '../../../sql-runner/resources/publication';
import { planReplicationRole, planReplicationRoleDrop } from '../../../sql-runner/resources/replication-role';
import { judgeOrigin } from '../../../sql-runner/resources/replication-origin';
import { isAnythingOurs, isResetUnfinished } from '../../../sql-runner/resources/retirement';
import { createSubscription, refuseForeignSubscription } from '../../../sql-runner/resources/subscription';
import { planWriterReboot } from '../../../sql-runner/resources/writer-reboot';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract } from '../support/contract';
import {
  type Draft,
  edit,
  NONCE,
  prepared,
  SEED,
  subscription,
  ticketed,
  untouched,
  publication,
} from '../support/observations';

const contract = sourceContract();
const streams = streamsOf(contract);
const source = (change: (source: Draft<Observation>['source']) => unknown) =>
  edit(prepared(contract), (draft) => void change(draft.source)).source;

test('a restart is planned while something that the group sets does not run, with the reason', () => {
  const reasons = (change: Parameters<typeof source>[0]) =>
    planWriterReboot(contract, source(change)).changes.map(({ reason }) => reason.split(';')[0]);
  expect(reasons(() => undefined)).toEqual([]);
  expect(reasons(({ cluster }) => (cluster.parameterGroup = 'other'))).toEqual([]);
  const parameterGroup = { ...contract.parameterGroup, parameters: { max_connections: '500' } };
  const waiting = (max_connections: string) =>
    planWriterReboot(
      { ...contract, parameterGroup },
      source((facts) => {
        facts.cluster.parameterGroupStatus = 'pending-reboot';
        facts.settings = { max_connections };
      }),
    ).changes.map(({ reason }) => reason);
  expect(waiting('100')).toEqual(['static parameters of the group wait for a restart']);
  expect(waiting('500')).toEqual([]);
  expect(reasons(({ server }) => (server.walLevel = 'replica'))).toEqual(['wal_level is replica']);
});

test('a role that is not there is made with a password, whatever the secret says; one that is there is left', () => {
  const ids = (change: Parameters<typeof source>[0]) =>
    planReplicationRole(contract, source(change)).changes.map(({ id, action }) => `${action} ${id}`);
  expect(ids(() => undefined)).toEqual([]);
  expect(ids((facts) => (facts.role = null))).toEqual([
    'create source/role/acas_demo',
    'create source/role-password/acas_demo',
  ]);
  expect(ids((facts) => (facts.role!.canLogin = false))).toEqual(['update source/role/acas_demo']);
  expect(
    planReplicationRoleDrop(
      contract,
      source((facts) => (facts.role = null)),
    ).changes,
  ).toEqual([]);
  expect(
    planReplicationRoleDrop(
      contract,
      source((facts) => (facts.role!.comment = null)),
    ).changes,
  ).toEqual([]);
});

test('an origin may stand still before it is enabled, and anywhere from the seed LSN on', () => {
  const found = (progress: string | null, untouched: boolean) => {
    const finding = judgeOrigin(contract, streams[0]!, progress, untouched, SEED);
    return finding === null ? null : /origin at ([^;]+)/.exec(finding.seen)![1];
  };
  expect(found(null, true)).toBeNull();
  expect(found(SEED, false)).toBeNull();
  expect(found(null, false)).toBe('no position');
  expect(found('0/1', true)).toBe('0/1');
});

test('a subscription without our mark is refused, one with it is not', () => {
  const refused = (comment: string | null) =>
    refuseForeignSubscription(contract, subscription('s', 'shop', { comment })).findings.map(({ code }) => code);
  expect(refused(null)).toEqual(['SUBSCRIPTION_NAME_TAKEN']);
  expect(refused(subscription('s', 'shop').comment)).toEqual([]);
  expect(refuseForeignSubscription(contract, subscription('s', 'shop', { comment: null })).findings).toMatchObject([
    { next: expect.stringMatching(/^if nobody needs it, .*; DROP SUBSCRIPTION "s";$/) },
  ]);
  const staging = subscription('s', 'shop').comment!.replace('"demo"', '"staging"');
  expect(refuseForeignSubscription(contract, subscription('s', 'shop', { comment: staging })).findings).toMatchObject([
    {
      seen: expect.stringMatching(/carries the mark of environment staging$/),
      next: expect.not.stringMatching(/DROP/),
    },
  ]);
});

test('a publication of somebody else may be a leftover to drop, that of another environment is not', () => {
  const advice = (comment: string | null) => {
    const taken = source(({ databases }) => (databases.shop!.publications[0]!.comment = comment));
    const { findings } = planPublication(
      contract,
      taken,
      factsOf(contract, { source: taken, target: null, ticket: null }, streams[0]!),
      { issued: false, inherited: null },
    );
    return findings.map(({ code, next }) => `${code} ${next}`);
  };
  const drop = /^PUBLICATION_NAME_TAKEN rename the environment; or, .*: DROP PUBLICATION "acas_demo_shop";$/;
  expect(advice(null)).toEqual([expect.stringMatching(drop)]);
  expect(advice(formatMark({ kind: 'publication', environment: 'staging', slot: 's' }))).toEqual([
    'PUBLICATION_NAME_TAKEN rename one of both environments',
  ]);
});

test('large transactions are streamed from PostgreSQL 14 on, which was the first to know the option', () => {
  const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: 'v' } as const;
  const made = (versionNum: number) => createSubscription(streams[0]!, mark, versionNum, []).changes[0]!.preview.join();
  expect(made(130_022)).not.toContain('streaming');
  expect(made(140_000)).toContain('streaming = on');
});

test('one stream that is being reset, or one mark, or the parameter alone is enough', () => {
  const only = (comment: string) =>
    edit(untouched(contract), (draft) => {
      draft.source.databases.ledger!.publications.push(publication('acas_demo_ledger', null, { comment }));
    });
  const mark = { kind: 'publication', environment: 'demo', slot: 'acas_demo_ledger' } as const;
  const half = only(formatMark({ ...mark, resetting: true }));
  expect(isResetUnfinished(streamFacts(contract, half))).toBe(true);
  expect(isResetUnfinished(streamFacts(contract, only(formatMark(mark))))).toBe(false);
  const isAny = (one: Observation) => isAnythingOurs(one, streamFacts(contract, one));
  expect(isAny(only(formatMark(mark)))).toBe(true);
  expect(isAny(only('of somebody else'))).toBe(false);
  const { ticket } = ticketed(contract);
  expect(isAny({ ...untouched(contract), ticket })).toBe(true);
});
