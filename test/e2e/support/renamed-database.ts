import { troubleIn } from '../../sql-runner/support/trouble';
import type { Finding } from '../../../sql-runner/model/change';
import { carryOut, carryOutInTurn } from '../../sql-runner/checks/printed-fix';
import { eventually } from '../../support/eventually';
import { looksOf } from './looks';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

/** A database of the clone under another name, with a subscription of ours that follows there. */
export class RenamedDatabase {
  private readonly now: string;
  private readonly subscription: string;

  constructor(
    private readonly lab: DirectLab,
    private readonly database: string,
  ) {
    this.now = `${database}_old`;
    this.subscription = `acas_demo_${database}`;
  }

  async rename(): Promise<void> {
    await this.onClone(this.database, `ALTER SUBSCRIPTION ${this.subscription} DISABLE`);
    await this.whenAlone(this.database, `ALTER DATABASE ${this.database} RENAME TO "${this.now}"`);
    await this.onClone(this.now, `ALTER SUBSCRIPTION ${this.subscription} ENABLE`);
  }

  /** By plan, doctor and status alike, and nothing else that stops anything; also where its name was given away. */
  async isTold(): Promise<void> {
    await this.rename();
    await this.saidAlone();
    await this.onClone('shop', `CREATE DATABASE ${this.database}`);
    const finding = await this.saidAlone();
    expect(finding.seen).toContain(`our subscription ${this.subscription}, which reads slot ${this.subscription}`);
    const elsewhere = await this.lab.clone(this.now);
    // Nobody can be in the database that is renamed.
    const postgres = await this.lab.clone('postgres');
    const clone = (database: string) => (database === this.now ? elsewhere : postgres);
    const over = async () => {
      await elsewhere.end();
      await this.whenAlone(this.now, 'SELECT');
    };
    await carryOutInTurn(finding, { source: postgres, clone }, onceOnly(over), 'DATABASE_RENAMED');
    await postgres.query(`DROP DATABASE ${this.database}_aside`);
    await postgres.end();
  }

  /** Its slot is free; what is left in it goes once it has its name again. */
  async isTornDown(): Promise<void> {
    const [left, ...others] = (await this.lab.plan('teardown')).findings;
    expect([left?.code, left?.severity, others]).toEqual(['DATABASE_RENAMED', 'warn', []]);
    const postgres = await this.lab.clone('postgres');
    await carryOut(left!, postgres, 'DATABASE_RENAMED').finally(() => postgres.end());
    expect(await this.lab.run('teardown')).toBe('applied');
  }

  private async saidAlone(): Promise<Finding> {
    const blocking = ({ severity, code }: Finding) => severity === 'block' && code !== 'CHANGES_OPEN';
    const { plan, diagnosis, status } = await looksOf(this.lab);
    const [finding, ...others] = plan.findings.filter(blocking);
    expect([finding?.code, others]).toEqual(['DATABASE_RENAMED', []]);
    expect(diagnosis.results.flatMap(({ findings }) => findings).filter(blocking)).toEqual([finding]);
    const own = status.streams.find(({ database }) => database === this.database)!;
    expect([own.state, troubleIn(own)]).toEqual(['blocked', expect.stringContaining(finding!.seen)]);
    return finding!;
  }

  /** A server waits five seconds for others to leave (CountOtherDBBackends in procarray.c), then refuses. */
  private async whenAlone(database: string, statement: string): Promise<void> {
    const others = `SELECT FROM pg_stat_activity WHERE datname = '${database}'`;
    await eventually(async () => (await execute(await this.lab.clone('shop'), [others])).length === 0);
    await this.onClone('shop', statement);
  }

  private async onClone(database: string, ...statements: string[]): Promise<void> {
    await execute(await this.lab.clone(database), statements);
  }
}

function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
