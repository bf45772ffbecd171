import { LargeObjectSides, type Said } from '../../support/large-object-sides';
import { from } from '../../../support/postgres-major';
import { compareLsn } from '../../../../sql-runner/postgres/text/lsn';

/** The login owns what `keeper` owns, on both sides, and is no superuser. */
let sides: LargeObjectSides;
beforeAll(async () => {
  sides = await LargeObjectSides.start();
});
afterAll(() => sides?.test.stop());
beforeEach(() => sides.empty());

/** Both ways of reading: by the table, which needs pg_read_all_data from 14 on, and object by object. */
const WAYS = from(14) ? ['pages', 'objects'] : ['objects'];
const reading = (way: string) =>
  sides.on(
    'shop',
    from(14)
      ? `${way === 'pages' ? 'GRANT' : 'REVOKE'} pg_read_all_data ${way === 'pages' ? 'TO' : 'FROM'} passer`
      : 'SELECT 1',
  );

/** Made by their owner; `$` stands for the number. */
const make = (oid: number, ...steps: string[]): string =>
  [
    `SELECT lo_create(${oid})`,
    ...steps.map((step) => step.replaceAll('$', String(oid))),
    `ALTER LARGE OBJECT ${oid} OWNER TO keeper`,
  ].join(';');
const put = (text: string, offset = 0): string => `SELECT lo_put($, ${offset}, ${text})`;
const noise = (bytes: number, seed: string): string =>
  `(SELECT substr(string_agg(sha256(('${seed}' || i)::bytea), ''::bytea ORDER BY i), 1, ${bytes}) FROM generate_series(0, ${Math.ceil(bytes / 32)}) i)`;
const zeros = (bytes: number): string => `decode(repeat('00', ${bytes}), 'hex')`;
const cut = (bytes: number): string => `SELECT lo_truncate64(lo_open($, 131072), ${bytes})`;

async function expectAlike(): Promise<void> {
  expect(await sides.kept('copy')).toEqual(await sides.kept('shop'));
  const compared = await sides.compare();
  expect(compared).toMatchObject({ copied: [], written: [], alone: [], notGiven: [], equal: compared.there.count });
}

const THERE: Readonly<Record<string, string[]>> = {
  empty: [],
  'emptied with a page of no bytes': [put(`'abc'`), cut(0)],
  'one byte': [put(`'x'`)],
  'exactly a page': [put(noise(2_048, 'page'))],
  'a page and a byte': [put(noise(2_049, 'more'))],
  'several windows': [put(noise(9_000_000, 'windows')), put(noise(5_000, 'far'), 30_000_000)],
  'zeros alone': [put(zeros(10_000))],
  'a hole before its only byte': [put(`'x'`, 3_000_001)],
  'a short page in the middle': [put(`'abc'`), put(`'def'`, 6_000)],
  'ends in a hole': [put(`'abc'`), cut(9_999)],
  'ends in zeros': [put(`'abc'::bytea || ${zeros(5_000)}`)],
  'zeros around something': [put(`${zeros(4_096)} || 'abc'::bytea || ${zeros(4_096)}`)],
  'cut where a page begins': [put(noise(8_192, 'cut')), cut(4_096)],
  'bytes of all values': [
    put(`(SELECT string_agg(set_byte('\\x00', 0, i), ''::bytea) FROM generate_series(0, 255) i)`),
  ],
  'with a comment and grants': [
    put(`'abc'`),
    `COMMENT ON LARGE OBJECT $ IS E'it''s \\\\ one'`,
    `GRANT SELECT ON LARGE OBJECT $ TO reader WITH GRANT OPTION; GRANT SELECT, UPDATE ON LARGE OBJECT $ TO "it's", PUBLIC`,
  ],
  'that its owner may not read': [put(`'abc'`), `REVOKE ALL ON LARGE OBJECT $ FROM ${'CURRENT_USER'}`],
};

describe.each(WAYS)('read by %s', (way) => {
  beforeEach(() => reading(way));

  it('copies each kind, as nothing, as something else and as the same kept otherwise', async () => {
    const kinds = Object.entries(THERE).filter(([name]) => way === 'pages' || !name.includes('may not read'));
    for (const [index, [, steps]] of kinds.entries()) {
      const oid = 100_000 + index * 10;
      await sides.on('shop', make(oid, ...steps));
      // Of the same number, something else.
      await sides.on('shop', make(oid + 1, ...steps));
      await sides.on('copy', make(oid + 1, put(noise(7_000, 'other')), put(`'x'`, 40_000_000)));
    }
    // The same length and something else; the same in pages of zeros and in holes.
    await sides.on('shop', make(200_000, put(noise(6_000, 'this')), `COMMENT ON LARGE OBJECT $ IS 'x'`));
    await sides.on('copy', make(200_000, put(noise(6_000, 'that'))));
    await sides.on('shop', make(200_001, put(zeros(8_000)), put(`'x'`, 8_000)));
    await sides.on('copy', make(200_001, put(`'x'`, 8_000)));
    const before = await sides.compare();
    expect(before.equal).toBe(1);
    expect(before.copied.filter(({ as }) => as === 'missing')).toHaveLength(kinds.length);
    const { said, failed } = await sides.copy();
    expect(failed).toBeNull();
    expect(said).toMatchObject({ objects: before.there.count, equal: before.there.count, left: 0 });
    await expectAlike();
    expect((await sides.copy()).said).toBeNull();
  });

  it('writes again what it has written, and asks before it loses what others have', async () => {
    await sides.both(make(1_001, put(`'old'`)) + ';' + make(1_002, put(`'old'`)) + ';' + make(1_003, put(`'old'`)));
    await sides.subscribe();
    for (const version of ['one', 'two']) {
      await sides.on(
        'shop',
        `SELECT lo_put(1001, 0, '${version}'); ${version === 'one' ? make(1_004, put(`'new'`)) : `SELECT lo_put(1004, 0, 'newer')`}`,
      );
      expect(await sides.copy()).toMatchObject({ failed: null, said: { equal: 4, copied: 2 } });
      await expectAlike();
    }
    // Made here; what we made, made anew by others; and what came along, written by others.
    await sides.both(make(1_005, put(`'both'`)));
    await sides.on(
      'shop',
      `SELECT lo_put(1005, 0, 'there'); SELECT lo_put(1002, 0, 'other'); SELECT lo_put(1004, 0, 'newest')`,
    );
    await sides.on('copy', `SELECT lo_put(1002, 0, 'mine!!'); SELECT lo_unlink(1004); ${make(1_004, put(`'else'`))}`);
    const compared = await sides.compare();
    const hidden = way === 'objects' ? [] : [1_002];
    expect(compared.written.map(({ oid }) => oid)).toEqual([...hidden, 1_004, 1_005]);
    const codes = (await sides.findings()).map(({ code }) => code);
    expect(codes).toContain('LARGE_OBJECTS_WRITTEN_HERE');
    expect(codes.includes('LARGE_OBJECTS_WRITERS_HIDDEN')).toBe(way === 'objects');
    await sides.copy();
    expect((await sides.compare()).written).toHaveLength(compared.written.length);
    expect(await sides.copy({ overwrite: true })).toMatchObject({ failed: null, said: { equal: 5 } });
    await expectAlike();
  });

  it('holds to what it says while production writes', async () => {
    const [objects, pages] = [12, 30];
    for (let oid = 1; oid <= objects; oid += 1)
      await sides.on('shop', make(3_000 + oid, put(`convert_to(repeat(chr(65), ${pages * 2_048}), 'UTF8')`)));
    const client = await sides.test.cluster.adminClient('shop');
    const committed: { oid: number; version: number; at: string }[] = [];
    let done = false;
    const writing = (async () => {
      for (let version = 1; !done; version += 1) {
        const oid = 3_001 + (version % objects);
        await client.query(
          `SELECT lo_put(${oid}, 0, convert_to(repeat(chr(${65 + (version % 50)}), ${pages * 2_048}), 'UTF8'))`,
        );
        const { rows } = await client.query<{ at: string }>('SELECT pg_current_wal_lsn()::text AS at');
        committed.push({ oid, version, at: rows[0]!.at });
      }
    })();
    try {
      for (let round = 0; round < 5; round += 1) {
        const { said, failed } = await sides.copy();
        expect(failed).toBeNull();
        if (said === null) continue;
        expect([said.objects, said.equal]).toEqual([objects, objects]);
        for (let oid = 3_001; oid <= 3_000 + objects; oid += 1) await expectHeld(oid, said, committed);
      }
    } finally {
      done = true;
      await writing;
      await client.end();
    }
    await sides.copy();
    await expectAlike();
  });

  it('is stopped or dies between two, and goes on the next time', async () => {
    for (let oid = 1; oid <= 6; oid += 1) await sides.on('shop', make(4_000 + oid, put(noise(5_000_000, `${oid}`))));
    let asked = 0;
    const { said } = await sides.copy({}, { interrupted: () => (asked += 1) > 2 });
    expect(said).toMatchObject({ copied: 2, equal: 2, objects: 6 });
    // The server ends the session while it writes.
    let over = false;
    const dying = sides.copy().finally(() => (over = true));
    // Between two of its statements as well: what it has written so far is in a transaction that is open.
    const ended = `SELECT pg_terminate_backend(pid)
                     FROM (SELECT pid FROM pg_stat_activity WHERE datname = 'copy' AND usename = 'passer'
                              AND query LIKE '%lo_put%' AND xact_start IS NOT NULL AND pid <> pg_backend_pid() OFFSET 0) writing`;
    while (!over && (await sides.on('copy', ended)).length === 0);
    expect((await dying).failed).toMatchObject({ code: 'CONNECTION_LOST' });
    const compared = await sides.compare();
    expect(compared.copied.every(({ as }) => as === 'missing')).toBe(true);
    expect(compared.equal + compared.copied.length).toBe(6);
    expect(compared.equal).toBeLessThan(6);
    expect(await sides.copy()).toMatchObject({ failed: null, said: { equal: 6 } });
    await expectAlike();
  });

  it('tells which is written on the clone meanwhile, and copies the others', async () => {
    await sides.both(make(5_001, put(`'a'`)) + ';' + make(5_002, put(`'b'`)));
    await sides.subscribe();
    await sides.on('shop', `SELECT lo_put(5001, 0, 'aa'); SELECT lo_put(5002, 0, 'bb')`);
    const other = await sides.test.cluster.adminClient('copy');
    const between = () => other.query(`BEGIN; SELECT lo_put(5001, 0, 'mine')`);
    const { said, failed } = await sides.copy({}, { between });
    expect(failed).toMatchObject({
      code: 'LARGE_OBJECTS_NOT_COPIED',
      seen: expect.stringMatching(/ 1 of 2 .*: 5001: it waited in vain/),
    });
    expect(said).toMatchObject({ equal: 1, left: 1 });
    await other.query('ROLLBACK');
    await other.end();
    expect(await sides.copy()).toMatchObject({ failed: null, said: { equal: 2 } });
    await expectAlike();
  });

  it('is told what came and went since the plan', async () => {
    await sides.on('shop', [make(6_001, put(`'a'`)), make(6_002, put(`'b'`)), make(6_003, put(`'c'`))].join(';'));
    await sides.on('copy', [make(6_010, put(`'x'`)), make(6_011, put(`'y'`))].join(';'));
    await sides.subscribe();
    const between = async () => {
      await sides.on('shop', `SELECT lo_unlink(6001); SELECT lo_create(6010)`);
      await sides.on('copy', make(6_002, put(`'mine'`)));
    };
    const { said, failed } = await sides.copy({ prune: true }, { between });
    expect(failed).toMatchObject({
      seen: expect.stringContaining('6002: somebody has written it on the clone meanwhile'),
    });
    expect(said).toMatchObject({ objects: 2, equal: 1, pruned: 1, left: 1 });
    expect((await sides.kept('copy')).map(({ oid }) => oid)).toEqual(['6002', '6003', '6010']);
    expect((await sides.compare()).alone).toEqual([]);
  });
});

/** It holds one version whole, and none that was over when production stood where it says. */
async function expectHeld(
  oid: number,
  { position }: Said,
  committed: readonly { oid: number; version: number; at: string }[],
): Promise<void> {
  const [row] = (await sides.on('copy', `SELECT convert_from(lo_get(${oid}), 'UTF8') AS text`)) as { text: string }[];
  expect(new Set(row!.text).size).toBe(1);
  const own = committed.filter((one) => one.oid === oid);
  const due = own.findLastIndex(({ at }) => compareLsn(at, position) <= 0);
  const letters = own.slice(Math.max(due, 0)).map(({ version }) => String.fromCharCode(65 + (version % 50)));
  // One that was committed and is not yet noted down.
  const next = 65 + (((own.at(-1)?.version ?? oid - 3_001 - 12) + 12) % 50);
  expect([...letters, ...(due < 0 ? ['A'] : []), String.fromCharCode(next)]).toContain(row!.text[0]);
}

it('names so many in one run, says that there are more, and comes to its end by the same command', async () => {
  await reading('objects');
  for (const oid of [2_001, 2_002, 2_003]) await sides.on('shop', make(oid, put(`'more'`)));
  await sides.on('shop', 'GRANT keeper TO passer');
  sides.most = 2;
  try {
    expect(await sides.findings()).toContainEqual(
      expect.objectContaining({ code: 'LARGE_OBJECTS_MORE', seen: expect.stringContaining('1 more large objects') }),
    );
    for (const equal of [2, 3]) expect(await sides.copy()).toMatchObject({ failed: null, said: { equal } });
    expect((await sides.findings()).map(({ code }) => code)).not.toContain('LARGE_OBJECTS_MORE');
  } finally {
    sides.most = undefined;
  }
  await expectAlike();
});
