import { runChecks } from '../../../sql-runner/checks/preflight';
import type { Finding } from '../../../sql-runner/engine/change';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';
import { after, judged, leaf, unconnected, use, type Edit } from './provocations';
import { differing, pairOf } from './shape-provocations';

/** What stops an apply worker, or lets it write something else: when it is said, and of what. */
const of = (code: string, change: Edit): Finding[] =>
  // Whatever is no finding at all is not to be overlooked.
  after(change).filter((finding) => finding.code === code || finding.code === undefined);
const both =
  (...edits: Edit[]): Edit =>
  (world) =>
    edits.forEach((one) => one(world));

describe('the forms of amounts of money', () => {
  const other = { name: 'array_nulls', value: 'on', from: 'server' } as const;
  const set =
    (sent: string | null, read: string | null): Edit =>
    ({ source, target }) => {
      const setting = (value: string | null) =>
        value === null ? [other] : [other, { name: 'lc_monetary', value, from: 'server' as const }];
      source.databases.shop!.senderSettings.push(...setting(sent));
      target.databases.shop!.applySettings.push(...setting(read));
    };
  const columns =
    (...names: string[]): Edit =>
    ({ source }) =>
      source.databases.shop!.moneyColumns.push(...names.map((name) => ({ schema: 'public', name, column: 'total' })));
  const found = (...edits: Edit[]) => of('MONEY_FORMS_DIFFER', both(...edits));

  test.each<[string, Edit[]]>([
    ['are the same', [set('C', 'C'), columns('orders')]],
    ['are written in two ways', [set('en_US.UTF-8', 'en_US.utf8'), columns('orders')]],
    ['differ, and nothing is of that type', [set('C', 'de_DE')]],
    ['differ, and no table that is replicated has one', [set('C', 'de_DE'), columns('elsewhere')]],
    ['are not known of the source', [set(null, 'C'), columns('orders')]],
    ['are not known of the clone', [set('C', null), columns('orders')]],
    [
      'are of a database that the source has not',
      [set('C', 'de_DE'), columns('orders'), ({ source }) => delete source.databases.shop],
    ],
  ])('are no matter where they %s', (_, edits) => {
    expect(found(...edits)).toEqual([]);
  });

  test('are told with the columns, and with the rows to be compared where a stream has begun', () => {
    const [finding] = found(set('C', 'POSIX'), columns('orders'));
    expect(finding!.seen).toBe(
      'lc_monetary of database shop is C for what the source sends and POSIX for the apply worker on the clone, and of type money is public.orders.total',
    );
    expect(finding!.next).toMatch(
      /^then compare all rows with sql-runner verify demo; in database shop on the clone: /,
    );
    const [before] = found(set('C', 'POSIX'), columns('orders', 'orders'), unconnected);
    expect(before!.seen).toMatch(/of type money are public\.orders\.total, public\.orders\.total$/);
    expect(before!.next).toMatch(/^in database shop on the clone: /);
  });

  test('are compared wherever both sides were read, whether or not their definitions were', () => {
    const world = edit(healthy(sourceContract(['shop'])), both(set('C', 'POSIX'), columns('orders')));
    const found = (survey: Partial<typeof world> | { source: null }) =>
      runChecks(world.contract, { ...world, ...survey }).find(({ check }) => check.code === 'MONEY_FORMS_DIFFER')!
        .findings;
    expect(found({ source: null })).toBeNull();
    expect(found({ shapes: undefined })).toHaveLength(1);
  });

  test('take effect once the workers of that database are started anew', () => {
    const world = edit(healthy(sourceContract(['shop', 'ledger'])), (draft) =>
      both(set('C', 'POSIX'), columns('orders'))(draft),
    );
    const [finding] = findingsOf(world).filter(({ code }) => code === 'MONEY_FORMS_DIFFER');
    expect(finding!.next).toContain("WHERE subname IN ('acas_demo_shop') AND");
  });
});

describe('a function that needs a search_path', () => {
  const called =
    (change: Partial<typeof judged>): Edit =>
    ({ target }) =>
      target.databases.shop!.functions.push({ ...judged, ...change });
  const found = (...edits: Edit[]) => of('FUNCTION_NEEDS_SEARCH_PATH', both(...edits));
  const fails = { trial: 'fails', error: 'no x()' } as unknown as Partial<typeof judged>;
  const elsewhere = { ...use, rootName: 'elsewhere', table: 'elsewhere' };

  test.each([
    [
      'fails',
      { ...fails, uses: [use] },
      'public.norm(text), which index orders_1_norm of parts.orders_1 uses, fails with an empty search_path: no x()',
    ],
    [
      'worked',
      { trial: 'passes', uses: [use, use] },
      'the text of public.norm(text), which index orders_1_norm of parts.orders_1 and 1 more uses, names public.strip without the schema; it worked for the rows that it was tried on',
    ],
    [
      'was not tried',
      { openNames: ['a', 'b'], uses: [use, elsewhere] },
      'the text of public.norm(text), which index orders_1_norm of parts.orders_1 uses, names a, b without the schema; it was not tried',
    ],
  ])('and %s is told of what is replicated', (_, change, seen) => {
    const [finding, ...more] = found(called(change as unknown as Partial<typeof judged>));
    expect(more).toEqual([]);
    expect(finding!.seen).toBe(`in database shop on the clone ${seen}`);
  });

  test('and is used by no table that is replicated is no matter', () => {
    expect(found(called({ ...fails, uses: [elsewhere] }))).toEqual([]);
  });

  describe('in a default', () => {
    const table = { schema: 'parts', name: 'orders_1' };
    const inDefault = called({ ...fails, uses: [{ ...use, kind: 'default' }] } as unknown as Partial<typeof judged>);
    const column = (name: string) =>
      ({ ...pairOf(table, table), there: { ...pairOf(table, table).there, columns: [{ name }] } }) as never;

    test.each<[string, Edit[], number]>([
      ['of a column that the source does not send', [differing(column('other'))], 1],
      ['of a column that the source sends, which computes none', [differing(column(use.object))], 0],
      [
        'of a table that both sides define alike',
        [differing(pairOf({ ...table, name: 'orders_2' }, { ...table, name: 'orders_2' }))],
        0,
      ],
      ['while the definitions were not read', [], 0],
    ])('%s', (_, edits, count) => {
      expect(found(inDefault, ...edits)).toHaveLength(count);
    });
  });
});

describe('rights that an owner has not', () => {
  const lacking =
    (...tables: object[]): Edit =>
    ({ target }) =>
      target.databases.shop!.lackingRights.push(
        ...(tables.map((one) => ({ ...leaf, owner: 'app', ownerLacks: [], loginLacks: [], ...one })) as never[]),
      );
  const found = (...edits: Edit[]) =>
    of('OWNER_LACKS_RIGHTS', both(...edits)).map(
      ({ severity, seen }) => `${severity} ${seen.replace('in database shop on the clone ', '')}`,
    );

  test('are told together where they are alike, and stop all but a TRUNCATE', () => {
    const [truncate, insert] = [
      { loginLacks: ['TRUNCATE'] },
      { ownerLacks: ['INSERT', 'UPDATE'], loginLacks: ['TRUNCATE'] },
    ];
    expect(
      found(
        lacking(
          truncate,
          { ...insert, schema: 'public', name: 'orders' },
          { ...truncate, name: 'orders_2' },
          { ...truncate, owner: 'other' },
        ),
      ),
    ).toEqual([
      'warn master has no TRUNCATE on parts.orders_1, parts.orders_2',
      'block app has no INSERT, UPDATE, and master has no TRUNCATE on public.orders',
      'warn master has no TRUNCATE on parts.orders_1',
    ]);
    expect(found(lacking({ ownerLacks: ['TRUNCATE'] }))).toEqual(['warn app has no TRUNCATE on parts.orders_1']);
    expect(
      found(lacking({ ownerLacks: ['TRUNCATE', 'DELETE'] }, { ownerLacks: ['TRUNCATE', 'DELETE'], ...truncate })),
    ).toEqual([
      'block app has no TRUNCATE, DELETE on parts.orders_1',
      'block app has no TRUNCATE, DELETE, and master has no TRUNCATE on parts.orders_1',
    ]);
    expect(of('OWNER_LACKS_RIGHTS', lacking(truncate))[0]!.why).toMatch(/empties a table/);
    expect(of('OWNER_LACKS_RIGHTS', lacking(insert))[0]!.why).toMatch(/writes with the rights/);
  });

  test('are no matter on tables that are not replicated', () => {
    const elsewhere = { rootName: 'elsewhere', name: 'elsewhere' };
    const denied: Edit = ({ target }) =>
      target.databases.shop!.deniedFunctions.push(use, { ...use, rootName: 'elsewhere', table: 'elsewhere' });
    expect(found(lacking({ ...elsewhere, ownerLacks: ['INSERT'] }), denied)).toEqual([
      'block app may not execute public.norm(text), which index orders_1_norm of parts.orders_1 uses',
    ]);
  });
});
