import { createColors } from 'picocolors';
import {
  AS_THEY_ARE,
  type DatabaseLargeObjects,
  type LargeObjectsWanted,
} from '../../../sql-runner/model/large-objects';
import type { Observation } from '../../../sql-runner/model/observation';
import { isBlocked, type Plan } from '../../../sql-runner/model/plan';
import { changesApart } from '../../../sql-runner/plan/changes-apart';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { FORMAT_VERSION } from '../../../sql-runner/render/format-version';
import { planText } from '../../../sql-runner/render/plan-text';
import { planJson } from '../../../sql-runner/render/run-json';
import { planDocument } from '../../../sql-runner/render/schemas/plan';
import { sourceContract } from '../support/contract';
import { cloned, following } from '../support/observations';

const contract = sourceContract();
const [first, second] = contract.links.map(({ database }) => database) as [string, string];
const NONE: DatabaseLargeObjects = {
  position: '0/10',
  there: { count: 3, bytes: 30 },
  here: { count: 3, bytes: 30 },
  equal: 3,
  copied: [],
  written: [],
  alone: [],
  unread: { source: [], target: [] },
  notOurs: [],
  notGiven: [],
  ownersNotOurs: [],
  rolesMissing: [],
  rolesNotKnown: [],
  more: 0,
  writersSeen: true,
  logins: { source: 'reader', target: 'acas_admin' },
  versions: { source: 170_000, target: 170_000 },
};
const copied = (oid: number, as: 'missing' | 'content' | 'properties' = 'missing') => ({
  oid,
  as,
  bytes: 10,
  role: 'keeper',
});
const owned = (oid: number, role = 'keeper') => ({ oid, role });

interface Read extends Partial<DatabaseLargeObjects> {
  readonly wanted?: Partial<LargeObjectsWanted>;
  readonly world?: Observation;
}

function plan({ wanted = {}, world = following(contract), ...read }: Read): Plan {
  const databases = { [first]: { ...NONE, ...read }, [second]: NONE };
  return planFor('large-objects', contract, {
    ...world,
    largeObjects: { wanted: { ...AS_THEY_ARE, ...wanted }, databases },
  });
}

const codes = ({ findings }: Plan) =>
  findings.filter(({ code }) => code !== 'LARGE_OBJECTS_COMPARED').map(({ code, severity }) => `${code} ${severity}`);
const next = ({ findings }: Plan, code: string) => findings.find((one) => one.code === code)!.next;

test('where all are equal it says so, and changes nothing', () => {
  const planned = plan({});
  expect([planned.changes, codes(planned), isBlocked(planned)]).toEqual([[], [], false]);
  expect(planned.findings.map(({ seen }) => seen)[0]).toBe(
    `database ${first}: production has 3 large objects (30 bytes), the clone 3 (30 bytes); as of position 0/10 3 of 3 are equal, 0 missing on the clone, 0 different; 0 are on the clone alone`,
  );
  planDocument.parse({ format_version: FORMAT_VERSION, ...planJson(planned) });
});

test('what is missing and what differs is one change a database, and a saved plan is the same while positions move', () => {
  const read = { copied: [copied(9, 'content'), copied(5), copied(7, 'properties')] };
  const planned = plan(read);
  expect(planned.changes.map(({ id, preview }) => [id, preview.slice(1)])).toEqual([
    [
      `target/${first}/large-objects`,
      ['-- lo_create, lo_put: 5 (10 bytes)', '-- lo_truncate64, lo_put: 9 (10 bytes)', '-- owner, grants, comment: 7'],
    ],
  ]);
  const later = plan({ ...read, position: '0/20', equal: 2, there: { count: 5, bytes: 50 } });
  expect([changesApart(planned.changes, later.changes), later.fingerprint]).toEqual([null, planned.fingerprint]);
  expect(changesApart(planned.changes, plan({ copied: [copied(9)] }).changes)).toMatch(/to be done otherwise/);
  expect(planText(planned, createColors(false))).toContain('sql-runner will copy large objects to the clone:');
});

test('nothing is lost without consent', () => {
  const read = { written: [copied(4, 'content')], alone: [owned(3), owned(2, 'other')], notOurs: [owned(2, 'other')] };
  expect(plan(read).changes).toEqual([]);
  expect(codes(plan(read))).toEqual(['LARGE_OBJECTS_WRITTEN_HERE block', 'LARGE_OBJECTS_ALONE info']);
  const consented = plan({ ...read, wanted: { prune: true, overwrite: true } });
  expect(consented.changes[0]!.operation).toMatchObject({ objects: [copied(4, 'content')], prune: [3] });
  expect(codes(consented)).toEqual(['LARGE_OBJECTS_NOT_OWNED block']);
  expect(next(consented, 'LARGE_OBJECTS_NOT_OWNED')).toMatch(/: GRANT "other" TO "acas_admin" WITH INHERIT TRUE;$/);
});

test('what may not be read is never left out in silence', () => {
  const unread = { source: [owned(1), owned(2)], target: [owned(3, "it's")] };
  const planned = plan({ unread, copied: [copied(9)] });
  expect(planned.changes).toHaveLength(1);
  expect([codes(planned), isBlocked(planned)]).toEqual([
    ['LARGE_OBJECTS_UNREAD block', 'LARGE_OBJECTS_UNREAD block'],
    false,
  ]);
  expect(next(planned, 'LARGE_OBJECTS_UNREAD')).toMatch(
    /on the source: GRANT "pg_read_all_data" TO "reader" WITH INHERIT TRUE;$/,
  );
  const old = plan({ unread, versions: { source: 130_000, target: 130_000 } });
  expect(next(old, 'LARGE_OBJECTS_UNREAD')).toMatch(/on the source: GRANT "keeper" TO "reader";$/);
});

test('owners, roles, hidden writers and what is too much are told', () => {
  const planned = plan({
    copied: [copied(9, 'content')],
    ownersNotOurs: ['keeper'],
    rolesMissing: ['gone'],
    rolesNotKnown: ['stranger'],
    more: 7,
    writersSeen: false,
  });
  expect(codes(planned)).toEqual([
    'LARGE_OBJECTS_NOT_GIVEN block',
    'LARGE_OBJECTS_ROLES_MISSING block',
    'LARGE_OBJECTS_ROLES_NOT_KNOWN block',
    'LARGE_OBJECTS_MORE block',
    'LARGE_OBJECTS_WRITERS_HIDDEN warn',
  ]);
});

test('before the clone follows it says so, and of another database as well', () => {
  expect(codes(plan({ world: cloned(contract) }))).toEqual(['LARGE_OBJECTS_NOT_FOLLOWED block']);
  expect(codes(plan({ world: { ...following(contract), target: null } }))).toEqual([
    'LARGE_OBJECTS_NOT_FOLLOWED block',
  ]);
  expect(codes(plan({ wanted: { database: 'nowhere' } }))).toEqual(['DATABASE_UNKNOWN block']);
});
