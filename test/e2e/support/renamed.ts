import { troubleIn } from '../../sql-runner/support/trouble';
import { connectBy } from '../../../lab/connections';
import type { Finding } from '../../../sql-runner/model/change';
import { carryOut } from '../../sql-runner/checks/printed-fix';
import { findingsOf, statusOf } from './looks';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

const SHOP = 'acas_demo_shop';
const COPY_OF_MARK = `DO $$ BEGIN EXECUTE format('COMMENT ON SUBSCRIPTION foo IS %L',
  (SELECT obj_description(oid, 'pg_subscription') FROM pg_subscription WHERE subname = '${SHOP}')); END $$`;

/** Our objects under other names, which they keep their marks under. */
export class Renamed {
  private readonly said = new Set<string>();

  constructor(private readonly lab: DirectLab) {}

  /** @returns what was said of them */
  async areNamed(): Promise<string[]> {
    await this.subscription();
    await this.heartbeats();
    return [...this.said];
  }

  /** What the clone has of ours. */
  async copies(): Promise<void> {
    await this.onClone(
      `ALTER SUBSCRIPTION ${SHOP} RENAME TO foo`,
      `ALTER PUBLICATION ${SHOP} RENAME TO foo`,
      `ALTER TABLE ${SHOP}.acas_heartbeat SET SCHEMA public`,
      'ALTER ROLE acas_demo RENAME TO foo',
    );
  }

  /** That of the source: its schema, and the table. */
  async heartbeat(): Promise<void> {
    await this.onSource(`ALTER SCHEMA ${SHOP} RENAME TO foo`, 'ALTER TABLE foo.acas_heartbeat RENAME TO bar');
  }

  private async subscription(): Promise<void> {
    await this.onClone(`ALTER SUBSCRIPTION ${SHOP} RENAME TO foo`);
    const finding = await this.saidAlone('SUBSCRIPTION_RENAMED');
    expect(finding.seen).toContain(`it reads slot ${SHOP}`);
    const [shop] = (await statusOf(this.lab)).streams;
    expect([shop!.state, troubleIn(shop!)]).toEqual([
      'blocked',
      expect.stringMatching(/^SUBSCRIPTION_RENAMED: [^:]*; give/),
    ]);
    await this.mend(finding, 'clone', 'SUBSCRIPTION_RENAMED');

    const admin = connectBy((name) => this.lab.lab.adminConnection('clone', name));
    const second = `CREATE SUBSCRIPTION foo CONNECTION 'dbname=none' PUBLICATION foo WITH (connect = false, slot_name = NONE)`;
    await execute(await admin('shop'), [second, COPY_OF_MARK, 'ALTER SUBSCRIPTION foo OWNER TO CURRENT_USER']);
    const copy = await this.saidAlone('SUBSCRIPTION_RENAMED');
    const client = await admin('shop');
    await carryOut(copy, client, 'SUBSCRIPTION_RENAMED').finally(() => client.end());
  }

  private async heartbeats(): Promise<void> {
    for (const side of ['source', 'clone'] as const) {
      const on = (...statements: string[]) => (side === 'source' ? this.onSource : this.onClone)(...statements);
      await on(`ALTER SCHEMA ${SHOP} RENAME TO foo`);
      await this.mend(await this.saidAlone('HEARTBEAT_RENAMED'), side, 'HEARTBEAT_RENAMED');
      await on(`ALTER TABLE ${SHOP}.acas_heartbeat RENAME TO bar`, `ALTER TABLE ${SHOP}.bar SET SCHEMA public`);
      await this.mend(await this.saidAlone('HEARTBEAT_RENAMED'), side, 'HEARTBEAT_RENAMED');
    }
  }

  /** By plan and doctor, and nothing else that stops anything. */
  private async saidAlone(code: string): Promise<Finding> {
    const blocking = ({ severity }: Finding) => severity === 'block';
    const { plan, diagnosis } = await findingsOf(this.lab);
    const found = plan.findings.filter(blocking);
    const told = diagnosis.results.flatMap(({ findings }) => findings).filter(blocking);
    const doubts = /^(CONTINUITY_NOT_PROVEN|CHANGES_OPEN)$/;
    const codes = (all: readonly Finding[]) => all.map((one) => one.code).filter((one) => !doubts.test(one));
    expect([codes(found), codes(told)]).toEqual([[code], [code]]);
    this.said.add(code);
    return found.find((one) => one.code === code)!;
  }

  private async mend(finding: Finding, side: 'source' | 'clone', code: string): Promise<void> {
    const client = await this.lab[side]('shop');
    if (code === 'SUBSCRIPTION_RENAMED')
      await carryOut(finding, client, 'SUBSCRIPTION_RENAMED').finally(() => client.end());
    else await carryOut(finding, client, 'HEARTBEAT_RENAMED').finally(() => client.end());
    expect((await this.lab.plan()).findings.map((one) => one.code)).not.toContain(code);
  }

  private readonly onSource = async (...statements: string[]) => execute(await this.lab.source('shop'), statements);
  private readonly onClone = async (...statements: string[]) => execute(await this.lab.clone('shop'), statements);
}
