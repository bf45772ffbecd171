import type { Environment } from '../../../environments/schema';
import { connectBy } from '../../../lab/connections';
import type { Lab } from '../../../lab/lab';
import { readKeys } from '../../../lab/workload/keys';
import { seedWorkload } from '../../../lab/workload/seed';
import { startWriters, type Writers } from '../../../lab/workload/writers';
import { execute } from '../../e2e/support/provocations';
import { clientOf } from '../../lab/aws/support';
import { awsCommand } from '../../support/aws-command';

/** The production cluster that several environments have, and its account. */
export class Production {
  readonly connect = connectBy((database) => this.lab.sourceConnection(database));
  private writers: Writers | undefined;
  private rows = 0;

  private constructor(
    private readonly lab: Lab,
    private readonly environment: Environment,
    private readonly keys: Awaited<ReturnType<typeof readKeys>>,
  ) {}

  /** With tables in each of its databases, and rows in those that writers write to. */
  static async fill(lab: Lab, environment: Environment): Promise<Production> {
    const connect = connectBy((database) => lab.sourceConnection(database));
    for (const database of ['people', 'stock'])
      await execute(await connect(database), ['CREATE TABLE things (id bigint PRIMARY KEY)']);
    await seedWorkload(connect, { rows: 5000 });
    return new Production(lab, environment, await readKeys(connect));
  }

  async startWriting(): Promise<void> {
    this.writers = await startWriters(this.connect, { writers: 2, keys: this.keys });
  }

  /** What was committed until now, a row in each table without writers among it, is all that there is to arrive. */
  async stopWriting(): Promise<void> {
    if (this.writers === undefined) return;
    const { committed } = await this.writers.stop();
    this.writers = undefined;
    expect(committed).toBeGreaterThan(0);
    this.rows += 1;
    for (const database of ['people', 'stock'])
      await execute(await this.connect(database), [`INSERT INTO things VALUES (${this.rows})`]);
  }

  /** When the server was started. */
  async started(): Promise<unknown> {
    const [row] = await execute(await this.connect('shop'), ['SELECT pg_postmaster_start_time()::text AS at']);
    return row!.at;
  }

  /** Room that the server runs with. */
  async room(): Promise<{ slots: string; senders: string }> {
    const [row] = await execute(await this.connect('shop'), [
      `SELECT current_setting('max_replication_slots') AS slots, current_setting('max_wal_senders') AS senders`,
    ]);
    return row as { slots: string; senders: string };
  }

  /** The group that is attached, and whether RDS has something of it wait for a restart. */
  group(): { attached: string; status: string } {
    const { clusters, instances } = this.account;
    const [cluster] = Object.values(clusters);
    const [writer] = Object.values(instances);
    return { attached: cluster!.parameterGroup, status: writer!.parameterStatus };
  }

  /** Everything that environments have made around it and in it, each with what tells it from another one. */
  async inventory(): Promise<string[]> {
    const { parameterGroups, securityGroups, routeTables, secrets, kmsKeys } = this.account;
    const { shares } = this.lab.state.world;
    const [row] = await execute(await this.connect('postgres'), [
      `SELECT array(SELECT 'slot ' || slot_name FROM pg_replication_slots
         UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'acas%') AS named`,
    ]);
    return [
      ...Object.values(parameterGroups).map((one) => `group ${one.name} ${JSON.stringify(one.parameters)}`),
      ...Object.values(securityGroups).flatMap(({ rules }) => Object.values(rules).map((one) => JSON.stringify(one))),
      ...Object.values(routeTables).flatMap(({ routes }) => routes.map((one) => `route ${JSON.stringify(one)}`)),
      ...Object.values(secrets).map(({ name, deletedAt }) => `secret ${name} ${deletedAt}`),
      ...Object.values(kmsKeys).map(({ policy }) => `key policy ${policy}`),
      ...Object.values(shares).map((one) => `share ${one.name} ${JSON.stringify(one.principals)}`),
      ...(row!.named as string[]),
      ...(await this.published()),
    ].sort();
  }

  private async published(): Promise<string[]> {
    const found = this.environment.databases.map(async ({ name }) => {
      const rows = await execute(await this.connect(name), ['SELECT pubname FROM pg_publication']);
      return rows.map(({ pubname }) => `publication ${name} ${String(pubname)}`);
    });
    return (await Promise.all(found)).flat();
  }

  /** Carries out a command line of `aws`; what it starts is over afterwards. */
  async aws(...words: string[]): Promise<void> {
    const config = clientOf(this.lab, this.environment.source.accountId);
    await awsCommand(words, config);
    if (words[1] === 'reboot-db-instance')
      await awsCommand(['rds', 'wait', 'db-instance-available', ...words.slice(2)], config);
  }

  private get account() {
    return this.lab.state.world.accounts[this.environment.source.accountId]!;
  }
}
