import type { Client } from 'pg';
import type { Connections } from '../../../sql-runner/connections/connections';
import type { Execution } from '../../../sql-runner/execute/execution';
import { moveSequences } from '../../../sql-runner/execute/operations/move-sequences';
import type { Place } from '../../../sql-runner/model/address';
import type { SequencesWanted } from '../../../sql-runner/model/sequences';
import { sequences } from '../../../sql-runner/postgres/catalog/sequences';
import type { Session } from '../../../sql-runner/postgres/session';
import { moveChange, movesAmong } from '../../../sql-runner/resources/sequence-moves';
import { pairSequences } from '../../../sql-runner/resources/sequence-pairs';
import { verdictOf, type Verdict } from '../../../sql-runner/resources/sequence-verdict';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';

/** Two databases of one server, as both sides: what sequences do is the same, and it is quick. */
export class SequenceSides {
  private constructor(
    readonly test: TestCluster,
    readonly readers: Readonly<Record<Place['side'], Session>>,
    readonly writer: Session,
  ) {}

  static async start(): Promise<SequenceSides> {
    const test = await startTestCluster({ databases: ['shop', 'copy'] });
    const reader = (database: string) => openSession(targetOf(test, database));
    const readers = { source: await reader('shop'), target: await reader('copy') };
    const writer = await openSession(targetOf(test, 'copy', 'target'), { readOnly: false });
    const sessions = [readers.source, readers.target, writer];
    test.onStop(async () => void (await Promise.all(sessions.map((session) => session.close()))));
    return new SequenceSides(test, readers, writer);
  }

  async on(database: 'shop' | 'copy', sql: string): Promise<void> {
    const client = await this.client(database);
    await client.query(sql);
  }

  private readonly clients = new Map<string, Promise<Client>>();

  /** One session a database and name, kept open. */
  client(database: 'shop' | 'copy', name = ''): Promise<Client> {
    const key = `${database} ${name}`;
    const known = this.clients.get(key) ?? this.test.connect(database);
    this.clients.set(key, known);
    return known;
  }

  async judged(wanted: SequencesWanted) {
    const clone = await sequences(this.readers.target);
    const source = await sequences(this.readers.source);
    return pairSequences({ source, clone }).pairs.map((pair) => ({ pair, verdict: verdictOf(pair, wanted) }));
  }

  async verdict(name: string, wanted: SequencesWanted): Promise<Verdict> {
    return (await this.judged(wanted)).find(({ pair }) => pair.source.name === name)!.verdict;
  }

  /** Plans and carries out. @param between what happens after the plan */
  async catchUp(wanted: SequencesWanted, between: () => Promise<unknown> = () => Promise.resolve()): Promise<number> {
    const moves = movesAmong(await this.judged(wanted));
    if (moves.length === 0) return 0;
    const { operation } = moveChange('copy', moves, wanted);
    if (operation.kind !== 'move-sequences') throw new Error('it moves sequences');
    await between();
    await moveSequences(operation, this.execution());
    return moves.length;
  }

  private execution(): Execution {
    const use = <T>({ side }: Place, read: (session: Session) => Promise<T>) => read(this.readers[side]);
    return {
      connections: { use } as unknown as Connections,
      listener: () => undefined,
      interrupted: () => false,
      writer: () => Promise.resolve(this.writer),
    };
  }
}

/** The values that a session is given, up to the end of the sequence; it shares nothing with what is tested. */
export async function taken(client: Client, name: string, count: number): Promise<bigint[]> {
  const values: bigint[] = [];
  for (let each = 0; each < count; each += 1) {
    try {
      const { rows } = await client.query<{ value: string }>(`SELECT nextval($1::regclass)::text AS value`, [name]);
      values.push(BigInt(rows[0]!.value));
    } catch (error) {
      // sequence_generator_limit_exceeded
      if ((error as { code?: string }).code !== '2200H') throw error;
      return values;
    }
  }
  return values;
}
