import fc from 'fast-check';
import {
  replicationRole,
  replicationSecretName,
  stackNames,
  streamNames,
  ticketParameter,
} from '../../contract/naming';

const environmentName = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,3}$/);
const databaseName = fc.oneof(
  fc.string({ minLength: 1, maxLength: 63 }),
  fc.stringMatching(/^[a-z0-9_-]{1,63}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
);

test('plain names are used as they are', () => {
  expect(streamNames('demo', 'shop')).toEqual({
    publication: 'acas_demo_shop',
    slot: 'acas_demo_shop',
    subscription: 'acas_demo_shop',
  });
});

test('every slot name is one that PostgreSQL takes', () => {
  fc.assert(
    fc.property(environmentName, databaseName, (environment, database) => {
      const { slot, publication, subscription } = streamNames(environment, database);
      expect(slot).toMatch(/^[a-z0-9_]{1,63}$/);
      expect([publication, subscription]).toEqual([slot, slot]);
    }),
  );
});

test('two databases never share a name, whatever environment they are in', () => {
  fc.assert(
    fc.property(fc.tuple(environmentName, databaseName), fc.tuple(environmentName, databaseName), (one, other) => {
      fc.pre(one[0] !== other[0] || one[1] !== other[1]);
      expect(streamNames(...one).slot).not.toBe(streamNames(...other).slot);
    }),
  );
});

test.each<[one: [string, string], other: [string, string]]>([
  [
    ['demo', 'a-b'],
    ['demo', 'a_b'],
  ],
  [
    ['demo', 'Shop'],
    ['demo', 'shop'],
  ],
  [
    ['a-b', 'c'],
    ['a', 'b_c'],
  ],
  [
    ['demo', `${'x'.repeat(60)}1`],
    ['demo', `${'x'.repeat(60)}2`],
  ],
])('%j and %j are told apart', (one, other) => {
  expect(streamNames(...one).slot).not.toBe(streamNames(...other).slot);
});

test('names do not change from run to run', () => {
  expect(streamNames('demo', 'Reports').slot).toMatch(/^acas_demo_reports_[0-9a-f]{8}$/);
  expect(streamNames('demo', 'Reports')).toEqual(streamNames('demo', 'Reports'));
});

test('the other names of an environment', () => {
  expect(replicationRole('my-env')).toBe('acas_my_env');
  expect(stackNames('demo')).toEqual({ source: 'demo-source', target: 'demo-target' });
  expect(ticketParameter('demo')).toBe('/aurora-cross-account-sync/demo/clone-ticket');
  expect(replicationSecretName('demo')).toBe('acas/demo/replication');
});
