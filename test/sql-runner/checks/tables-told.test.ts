import type { Finding } from '../../../sql-runner/engine/change';
import type { InvalidIndex } from '../../../sql-runner/postgres/catalog/invalid-indexes';
import type { IdentityFault } from '../../../sql-runner/postgres/catalog/tables';
import { troubleOf } from '../../../sql-runner/checks/stream-trouble';
import { streamsOf } from '../../../sql-runner/engine/plan';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { healthy, surveyedTable } from '../support/surveys';
import { after, definition, leaf, sent, unconnected, type Edit } from './provocations';
import { readerAtWork } from '../support/surveyed-streams';

const of = (code: string, change: Edit): Finding[] =>
  // Whatever is no finding at all is not to be overlooked.
  after(change).filter((finding) => finding.code === code || finding.code === undefined);

describe('a table whose whole rows identify it', () => {
  const COLUMN = { ...leaf, column: 'at', type: 'point' };
  const BY_KEY = 'in database shop on the source: ALTER TABLE "parts"."orders_1" REPLICA IDENTITY DEFAULT;';

  test.each<[string, IdentityFault | null | undefined, string, string]>([
    ['whose primary key serves', null, `let its primary key identify its rows, ${BY_KEY}`, 'a primary key'],
    [
      'without a primary key',
      'no primary key',
      `first give it a primary key that is not deferrable, and only then, ${BY_KEY}`,
      'no primary key',
    ],
    [
      'which was not read',
      undefined,
      `first give it a primary key that is not deferrable, and only then, ${BY_KEY}`,
      'no primary key',
    ],
    [
      'whose primary key does not serve',
      'a deferrable primary key',
      'leave its replica identity as it is: with a deferrable primary key, the default one makes production refuse UPDATE and DELETE; where it can do with another primary key (neither deferrable nor of generated columns, and valid), change that first, and sql-runner doctor prints the next step',
      'a deferrable primary key',
    ],
  ])('%s is told what to do', (_, keyFault, next, has) => {
    const change: Edit = ({ source }) => {
      const { tables, unmatchable, inexact } = source.databases.shop!;
      // Of others: one of the name, and one of the schema.
      tables.push(
        surveyedTable('orders_1', { keyFault: 'an invalid primary key' }),
        surveyedTable('x', { schema: 'parts', keyFault: 'an invalid primary key' }),
      );
      if (keyFault !== undefined) tables.push(surveyedTable('orders_1', { schema: 'parts', keyFault }));
      unmatchable.push(COLUMN);
      inexact.push({ ...COLUMN, type: 'numeric' });
    };
    expect(of('FULL_IDENTITY_UNMATCHABLE', change).map((finding) => finding.next)).toEqual([next]);
    const [inexact] = of('FULL_IDENTITY_INEXACT', change);
    expect([inexact!.next, inexact!.seen]).toEqual([
      next,
      `table parts.orders_1 in database shop has REPLICA IDENTITY FULL, ${has}, and column at of type numeric`,
    ]);
  });

  test('and that is not replicated is no matter', () => {
    const elsewhere = { rootSchema: 'x', rootName: 'elsewhere', schema: 'x', name: 'elsewhere' };
    const change: Edit = ({ source }) => {
      source.databases.shop!.unmatchable.push({ ...COLUMN, ...elsewhere });
      source.databases.shop!.inexact.push({ ...COLUMN, ...elsewhere });
    };
    expect([...of('FULL_IDENTITY_UNMATCHABLE', change), ...of('FULL_IDENTITY_INEXACT', change)]).toEqual([]);
  });
});

describe('a half-built index of the clone', () => {
  const INDEX = {
    oid: 900,
    schema: 'parts',
    name: 'Half',
    table: { schema: 'parts', name: 'orders_9' },
    unique: true,
    ready: true,
    attached: false,
    building: false,
    owner: 'app',
    mayDrop: true,
  };
  type Twin = { oid: number; name: string; valid: boolean };
  /** @param there on the source; null: the definitions were not read */
  const half =
    (there: Twin[] | null, here: Partial<InvalidIndex> = {}, more: Edit = () => undefined): Edit =>
    (world) => {
      world.target.databases.shop!.invalidIndexes.push({ ...INDEX, ...here });
      if (there !== null)
        world.shapes.shop = { pairs: [], unread: [], usedTypes: [], typesOnClone: [], indexesThere: there };
      more(world);
    };
  const found = (change: Edit) =>
    of('INDEX_HALF_BUILT', change).map(({ severity, seen }) => `${severity} ${seen.replace(/.* is seen; /, '')}`);
  const twin = (valid: boolean, more: Partial<Twin> = {}): Twin => ({ oid: 900, name: 'Half', valid, ...more });
  const published: Edit = ({ source, target }) => {
    source.databases.shop!.sent.push(sent);
    target.databases.shop!.definitions.push(definition);
  };
  const NONE = 'the source has not the same one';
  const HALF = 'that of the source is not valid either';

  test.each<[string, Edit, string[]]>([
    ['that the source has too', half([twin(false)]), [`warn ${HALF}`]],
    [
      'that the source has finished',
      half([twin(true)]),
      ['warn that of the source has been finished since the clone was taken'],
    ],
    ['that the source has not', half([]), [`warn ${NONE}`]],
    [
      'by which the source has another',
      half([twin(false, { oid: 901 }), twin(true, { name: 'Other' })]),
      [`warn ${NONE}`],
    ],
    ['that is being built', half([twin(false)], { building: true }), []],
    ['that a clone which is not connected loses anyway', half([twin(false)], {}, unconnected), [`info ${HALF}`]],
    [
      'that such a clone keeps: the source has finished it',
      half([twin(true)], {}, unconnected),
      ['warn that of the source has been finished since the clone was taken'],
    ],
    ['that such a clone keeps: the source has not got it', half([], {}, unconnected), [`warn ${NONE}`]],
    ['of which another check tells: unique, and refusing what is replicated', half([], {}, published), []],
    ['of which it does not: not unique', half([], { unique: false }, published), [`warn ${NONE}`]],
    ['of which it does not: no row is entered', half([], { ready: false }, published), [`warn ${NONE}`]],
    ['of which it does not: the source has it too', half([twin(false)], {}, published), [`warn ${HALF}`]],
  ])('%s', (_, change, expected) => {
    expect(found(change)).toEqual(expected);
  });
});

test('what keeps one stream of several from following is told of that one', () => {
  const contract = sourceContract(['shop', 'ledger']);
  const { streams } = edit(healthy(contract), (draft) => {
    for (const name of ['acas_demo_shop', 'acas_demo_ledger'])
      draft.streams.looks[name]!.last.reader = { ...readerAtWork(name), user: 'master' };
  });
  const told = streamsOf(contract).map((one) => troubleOf(contract, streams, one));
  expect(told).toEqual([
    expect.stringMatching(/^\w+: subscription acas_demo_shop in database shop [^;]*$/),
    expect.stringMatching(/^\w+: subscription acas_demo_ledger in database ledger [^;]*$/),
  ]);
});

test('a password that does not work is trouble of every stream, which goes on until it has to connect again', () => {
  const contract = sourceContract(['shop', 'ledger']);
  const { streams } = healthy(contract);
  const [shop] = streamsOf(contract);
  expect(troubleOf(contract, streams, shop!)).toBeNull();
  expect(troubleOf(contract, { ...streams, passwordWorks: false }, shop!)).toMatch(/^SOURCE_REFUSES_LOGIN: /);
});
