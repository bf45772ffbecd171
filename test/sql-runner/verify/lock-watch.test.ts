import { DatabaseError } from 'pg';
import type { BlockedSession } from '../../../sql-runner/postgres/catalog/blocked-sessions';
import type { Session } from '../../../sql-runner/postgres/session';
import { gaveWay, givingWay } from '../../../sql-runner/verify/give-way';
import { LockWatch, type Waiter } from '../../../sql-runner/verify/lock-watch';
import { ReadFailed } from '../../../sql-runner/verify/sides';
import { statementKind } from '../../../sql-runner/verify/statement-kind';
import type { Side } from '../../../sql-runner/verify/types';
import { NOTHING, type Finding } from '../../../sql-runner/verify/verify-table';
import { eventually } from '../../support/eventually';

const ALTER = {
  pid: 99,
  user: 'app',
  applicationName: 'flyway',
  statement: 'ALTER TABLE t ADD c int',
  transaction: '3/7',
};
const TABLE = { schema: 'public', name: 'orders' };
const EQUAL: Finding = { ...NOTHING, status: 'equal' };

/** Two servers on which 11 and 12 are the processes that read. What is cancelled ends with the server's error. */
class Servers {
  blocked: Record<Side, BlockedSession[] | Error> = { source: [], target: [] };
  /** What is asked after the transaction of who waited. */
  keeps: boolean[] = [];
  readonly did: string[] = [];
  private readonly statements = new Map<string, (error: Error) => void>();
  readonly own = { source: this.watching('source'), target: this.watching('target') };
  readonly pair = { source: this.reading('source', 11), target: this.reading('target', 12) };

  private watching(side: Side): Session {
    const query = async (sql: string, values: readonly unknown[]): Promise<object[]> => {
      if (sql.includes('AS behind')) {
        const blocked = this.blocked[side];
        if (blocked instanceof Error) throw blocked;
        return blocked.filter(({ behind }) => (values[0] as number[]).includes(behind));
      }
      if (sql.includes('AccessExclusiveLock')) {
        this.did.push(`asks for ${String(values[0])} on the ${side}`);
        return this.keeps.shift() === true ? [{}] : [];
      }
      this.did.push(`cancels ${String(values[0])} on the ${side}`);
      this.statements.get(side)?.(cancelled());
      return [];
    };
    return { query } as unknown as Session;
  }

  private reading(side: Side, backendPid: number): Session {
    const close = async (): Promise<void> => {
      this.did.push(`closes ${backendPid}`);
      this.statements.get(side)?.(new Error('closed'));
    };
    return { backendPid, close } as unknown as Session;
  }

  /** A statement without end, on one side. */
  scan(side: Side): Promise<never> {
    return new Promise((_, reject) => this.statements.set(side, reject));
  }
}

const cancelled = (code = '57014'): DatabaseError =>
  Object.assign(new DatabaseError('canceling statement due to user request', 0, 'error'), { code });

async function watched<T>(servers: Servers, work: (watch: LockWatch) => Promise<T>): Promise<T> {
  const watch = new LockWatch(servers.own, 1);
  try {
    return await work(watch);
  } finally {
    await watch.stop();
  }
}

test.each<[Side, number, string[]]>([
  ['source', 11, ['cancels 11 on the source', 'cancels 12 on the target']],
  ['target', 12, ['cancels 12 on the target', 'cancels 11 on the source']],
])('who waits on the %s ends the reading of both sides', async (side, behind, did) => {
  const servers = new Servers();
  servers.blocked[side] = [{ behind, ...ALTER }];
  const reading = watched(servers, (watch) => watch.over(servers.pair, () => servers.scan(side)));
  await expect(reading).rejects.toMatchObject({ waiter: { side, ...ALTER } });
  expect(servers.did).toEqual(did);
});

test('while nothing is read, nobody is looked for', () => {
  jest.useFakeTimers();
  const { own } = new Servers();
  const looks = jest.spyOn(own.source, 'query');
  const watch = new LockWatch(own, 1);
  jest.advanceTimersByTime(10);
  jest.useRealTimers();
  expect(looks).not.toHaveBeenCalled();
  return watch.stop();
});

test('who waits for somebody else ends nothing', async () => {
  const servers = new Servers();
  servers.blocked.source = [{ behind: 12, ...ALTER }];
  const looks = jest.spyOn(servers.own.source, 'query');
  await watched(servers, async (watch) => {
    const looked = () => eventually(async () => looks.mock.calls.length >= 2 && 'read');
    expect(await watch.over(servers.pair, looked)).toBe('read');
  });
  expect(servers.did).toEqual([]);
});

test.each<[string, Error]>([
  ['another error', new Error('defect')],
  ['an error of the server', new ReadFailed('source', cancelled('42501'))],
])('%s is thrown as it is, whoever waited', async (_, error) => {
  const servers = new Servers();
  servers.blocked.source = [{ behind: 11, ...ALTER }];
  const work = (): Promise<never> =>
    servers.scan('source').catch(() => {
      throw error;
    });
  await expect(watched(servers, (watch) => watch.over(servers.pair, work))).rejects.toBe(error);
});

test('a statement that was cancelled while nobody waited is thrown as it is', async () => {
  const servers = new Servers();
  const error = new ReadFailed('source', cancelled());
  await expect(watched(servers, (watch) => watch.over(servers.pair, () => Promise.reject(error)))).rejects.toBe(error);
});

test('when nobody can look, what reads is cut off, and nothing is begun', async () => {
  const servers = new Servers();
  const lost = new DatabaseError('terminating connection', 0, 'error');
  servers.blocked.target = lost;
  await watched(servers, async (watch) => {
    await expect(watch.over(servers.pair, () => servers.scan('source'))).rejects.toBe(lost);
    const begun = jest.fn();
    await expect(watch.over(servers.pair, begun)).rejects.toBe(lost);
    expect(begun).not.toHaveBeenCalled();
  });
  expect(servers.did).toEqual(['closes 11', 'closes 12']);
});

describe('a table', () => {
  const compare = (servers: Servers, results: (Error | Finding)[], limits: { patienceMs?: number } = {}) => {
    const emit = jest.fn();
    const finding = watched(servers, (watch) =>
      givingWay({ watch, pair: servers.pair, table: TABLE, emit, tries: 3, patienceMs: 1_000, ...limits }, async () => {
        const result = results.shift()!;
        if (!(result instanceof Error)) return result;
        servers.blocked.source = [{ behind: 11, ...ALTER }];
        return servers.scan('source').catch(() => {
          servers.blocked.source = [];
          throw result;
        });
      }),
    );
    return { finding, emit };
  };

  test('is compared anew once who waited keeps no reader out', async () => {
    const servers = new Servers();
    servers.keeps = [true, true, false];
    const { finding, emit } = compare(servers, [new ReadFailed('target', cancelled()), EQUAL]);
    expect(await finding).toBe(EQUAL);
    expect(servers.did.filter((done) => /asks/.test(done))).toEqual(Array(3).fill('asks for 3/7 on the source'));
    expect(emit.mock.calls).toEqual([[{ kind: 'gave-way', table: TABLE, pid: 99 }]]);
  });

  test('is not compared after three times, and not waited for after the last', async () => {
    const servers = new Servers();
    const { finding } = compare(servers, [cancelled(), cancelled(), cancelled()]);
    expect(await finding).toMatchObject({
      status: 'unsupported',
      rows: 0,
      code: 'VERIFY_GAVE_WAY',
      reason: expect.stringMatching(/^"public"\."orders" was not compared: .*, in try 3; run verify again/),
    });
    expect(servers.did.filter((done) => /asks/.test(done))).toHaveLength(2);
  });

  test('is not compared when the patience ends', async () => {
    const servers = new Servers();
    servers.keeps = Array(1_000).fill(true) as boolean[];
    const { finding } = compare(servers, [cancelled()], { patienceMs: 5 });
    expect(await finding).toMatchObject({ code: 'VERIFY_GAVE_WAY', reason: expect.stringContaining(', in try 1;') });
  });

  test('whose comparison fails otherwise is no matter of this', async () => {
    const defect = new Error('defect');
    await expect(compare(new Servers(), [defect]).finding).rejects.toBe(defect);
  });
});

test.each<[Partial<Waiter>, string]>([
  [{}, 'process 99 (user app, application "flyway", ALTER TABLE)'],
  [{ statement: null }, 'process 99 (user app, application "flyway")'],
  [{ statement: null, user: null, applicationName: null }, 'process 99'],
  [{ applicationName: '', user: null }, 'process 99 (ALTER TABLE)'],
])('who waited is named as far as the login may see: %p', (known, name) => {
  const { seen } = gaveWay(TABLE, { side: 'target', ...ALTER, ...known }, 1);
  expect(seen).toBe(`"public"."orders" was not compared: reading it on the target gave way to ${name}, in try 1`);
});

test.each<[string | null, string | null]>([
  [`ALTER ROLE app PASSWORD 'secret'`, 'ALTER ROLE'],
  ['alter  table\n orders add c int', 'ALTER TABLE'],
  ['TRUNCATE orders', 'TRUNCATE'],
  ['VACUUM FULL orders', 'VACUUM FULL'],
  ['vacuum (full) orders', 'VACUUM'],
  ['LOCK "t"', 'LOCK'],
  ['REINDEX INDEX i', 'REINDEX'],
  ['COMMIT', 'COMMIT'],
  [`BEGIN; SET lock_timeout = '2s'; DROP INDEX i`, 'DROP INDEX'],
  [`/* ticket 7; a */ -- why\nCREATE INDEX ON t (c)`, 'CREATE INDEX'],
  ['-- only this', null],
  ['BEGIN', 'BEGIN'],
  ['', null],
  [null, null],
])('the kind of %p is %p', (query, kind) => expect(statementKind(query)).toBe(kind));
