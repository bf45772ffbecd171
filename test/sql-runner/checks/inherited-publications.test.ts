import { runChecks } from '../../../sql-runner/checks/preflight';
import type { Survey } from '../../../sql-runner/model/survey';
import type { ReplicationSlot } from '../../../sql-runner/postgres/catalog/slots';
import { edit } from '../support/observations';
import { healthy, surveyedSlot } from '../support/surveys';
import { contract, feed, type Edit } from './provocations';

/** What is asked before a copy is dropped: whether a slot of the clone reads it. In fires-on-inherited.ts the rest. */
const CODE = 'INHERITED_PUBLICATION_LEFT';
const copied: Edit = ({ source, target }) => {
  source.databases.shop!.publicationIdentities.push(feed);
  target.databases.shop!.publicationIdentities.push(feed);
};
const found = (change: Edit, more: Partial<Survey> = {}) => {
  const { contract: ours, ...survey } = edit(healthy(contract), (world) => (copied(world), change(world)));
  return runChecks(ours, { ...survey, ...more }).find(({ check }) => check.code === CODE)!.findings;
};
const slots =
  (...made: [string, Partial<ReplicationSlot>?][]): Edit =>
  ({ target }) =>
    void (target.slots = made.map(([name, facts]) => surveyedSlot(name, facts)));
const DROP = 'in database shop on the clone: DROP PUBLICATION "Feed";';

test.each<[string, Edit, string]>([
  ['none', slots(), DROP],
  ['of another database', slots(['reports', { database: 'ledger' }]), DROP],
  ['of another plugin', slots(['reports', { plugin: 'test_decoding' }]), DROP],
  [
    'two of them',
    slots(['reports'], ['lake'], ['else', { database: null, plugin: null }]),
    `if nobody reads it there by slot reports, lake, ${DROP}`,
  ],
])('slots of the clone that may read it: %s', (_, change, next) => {
  expect(found(change)).toMatchObject([{ next }]);
});

test('both sides are needed to tell, their definitions are not; a database that the source has not has no copies', () => {
  expect(found(() => undefined, { source: null })).toBeNull();
  expect(found(() => undefined, { shapes: undefined })).toHaveLength(1);
  expect(found(({ source }) => void delete source.databases.shop)).toEqual([]);
});
