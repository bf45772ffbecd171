import { troubleIn } from '../../sql-runner/support/trouble';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { connectBy } from '../../../lab/connections';
import type { OperatorError } from '../../../errors/operator-error';
import type { Finding } from '../../../sql-runner/model/change';
import { clientOf } from '../../lab/aws/support';
import { carryOut, printedAwsCommand, printedRun } from '../../sql-runner/checks/printed-fix';
import { looksOf } from './looks';
import { AwsWorld } from './aws-world';
import { refusalOf, type DirectLab } from './direct-lab';
import { errorOf } from './error-of';
import { execute } from './provocations';
import type { Side } from '../../../contract/contract';

const HEARTBEAT = 'acas_demo_shop.acas_heartbeat';
const GIVEN_AWAY = [
  'ALTER TABLE acas_demo_shop.acas_heartbeat OWNER TO outsider',
  'ALTER SCHEMA acas_demo_shop OWNER TO outsider',
];

/** Heartbeats of a running environment that somebody altered, or gave to somebody else. */
export class AlteredHeartbeats {
  constructor(private readonly lab: DirectLab) {}

  /** On either side, and all at once: its key, its columns, and who may read it. */
  async areTold(): Promise<void> {
    for (const side of ['source', 'target'] as const) {
      await this.asAdmin(side, 'CREATE ROLE outsider');
      await this.isTold(side, /outsider owns its schema, .* its column at is named x, it has no primary key on id/, [
        `ALTER TABLE ${HEARTBEAT} RENAME COLUMN at TO x`,
        `ALTER TABLE ${HEARTBEAT} DROP CONSTRAINT acas_heartbeat_pkey`,
        ...GIVEN_AWAY,
      ]);
    }
  }

  private async isTold(side: Side, seen: RegExp, statements: readonly string[]): Promise<void> {
    await this.asAdmin(side, ...statements);
    const { plan, diagnosis, status } = await looksOf(this.lab);
    const [finding, ...others] = plan.findings.filter(({ severity }) => severity === 'block');
    expect([finding?.code, finding?.seen, others]).toEqual(['HEARTBEAT_ALTERED', expect.stringMatching(seen), []]);
    const blocking = diagnosis.results
      .flatMap(({ findings }) => findings)
      .filter(({ severity }) => severity === 'block');
    expect(blocking.filter(({ code }) => code !== 'CHANGES_OPEN')).toEqual([finding]);
    expect(troubleIn(status.streams[0]!)).toContain(`${finding!.seen}; ${finding!.next}`);
    // Production is freed of its slots in any case.
    for (const mode of ['teardown', 'reset'] as const)
      expect((await this.lab.plan(mode)).changes.map(({ id }) => id)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^source\/shop\/(retired-)?slot\//)]),
      );
    expect(await refusalOf(this.lab.run('apply'))).toBe('HEARTBEAT_ALTERED');
    await this.heal(finding!, side);
    expect(await this.lab.run('apply')).toMatch(/applied|nothing-to-do/);
    expect(await this.rows('clone')).toEqual(await this.rows('source'));
  }

  /** Whoever owns heartbeat or subscription by now, and whatever the ticket is: all slots that can be freed are. */
  async areTornDown(): Promise<void> {
    const { environment, ticketParameter: Name, targetAccount } = this.lab.contract;
    const parameters = new SSMClient(clientOf(this.lab.lab, targetAccount.accountId));
    await parameters.send(new PutParameterCommand({ Name, Value: 'of somebody', Type: 'String', Overwrite: true }));
    await this.asAdmin(
      'target',
      'GRANT CREATE ON DATABASE shop TO outsider',
      'ALTER SUBSCRIPTION foo RENAME TO acas_demo_shop',
    );
    await this.asAdmin('target', 'ALTER SUBSCRIPTION acas_demo_shop OWNER TO outsider');
    const { findings } = await this.lab.plan('teardown');
    const ticket = findings.find(({ code }) => code === 'TICKET_LEFT');
    const held = findings.find(({ code }) => code === 'DROP_NOT_ALLOWED');
    expect(held!.seen).toMatch(/^there is subscription acas_demo_shop of ours in database shop on the clone/);
    const refusal = await errorOf(this.lab.run('teardown'));
    expect(refusal).toMatchObject({ code: 'DROP_NOT_ALLOWED', next: held!.next } satisfies Partial<OperatorError>);
    expect(await this.slots()).toEqual(['acas_demo_shop']);
    await this.heal(held!, 'target');
    expect(await this.lab.run('teardown')).toBe('applied');
    expect(await this.slots()).toEqual([]);
    await new AwsWorld(this.lab).carryOut(
      'target',
      printedAwsCommand(
        { ...ticket!, code: 'TICKET_MALFORMED', next: ticket!.next.replace(/; afterwards .*$/, '') },
        'TICKET_MALFORMED',
      ),
    );
    expect(printedRun(ticket!, 'TICKET_LEFT')).toEqual(['teardown', environment]);
    expect(await this.lab.follow(printedRun(ticket!, 'TICKET_LEFT'))).toBe('nothing-to-do');
  }

  private async heal(finding: Finding, side: Side): Promise<void> {
    const own = finding.next.startsWith('in database');
    const client = own ? await this.lab[side === 'source' ? 'source' : 'clone']('shop') : await this.admin(side);
    if (finding.code === 'HEARTBEAT_ALTERED')
      await carryOut(finding, client, 'HEARTBEAT_ALTERED').finally(() => client.end());
    else await carryOut(finding, client, 'DROP_NOT_ALLOWED').finally(() => client.end());
  }

  private async slots(): Promise<unknown[]> {
    const rows = await execute(await this.lab.source('shop'), [
      'SELECT slot_name FROM pg_replication_slots ORDER BY 1',
    ]);
    return rows.map((row) => row.slot_name);
  }

  private async rows(side: 'source' | 'clone'): Promise<unknown[]> {
    return execute(await this.lab[side]('shop'), ['SELECT * FROM orders ORDER BY id']);
  }

  private readonly admin = (side: Side) =>
    connectBy((database) => this.lab.lab.adminConnection(side === 'source' ? 'source' : 'clone', database))('shop');

  private readonly asAdmin = async (side: Side, ...statements: string[]) => execute(await this.admin(side), statements);
}
