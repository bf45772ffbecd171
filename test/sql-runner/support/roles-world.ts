import type { Client } from 'pg';
import type { SourceContract } from '../../../contract/contract';
import type { PostgresCluster } from '../../../lab/postgres/cluster';
import { followRoles } from '../../../sql-runner/execute/operations/follow-roles';
import type { Execution } from '../../../sql-runner/execute/execution';
import type { Proposal } from '../../../sql-runner/model/change';
import type { Observation } from '../../../sql-runner/model/observation';
import { observeRoles } from '../../../sql-runner/observe/observe-roles';
import { planRoles } from '../../../sql-runner/resources/roles/plan-roles';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { cloneOf } from './clone-pair';
import { sourceContract } from './contract';

/** A server and a real clone of it, whose master user is no superuser, with what plan and apply make of their roles. */
export class RolesWorld {
  contract: SourceContract = { ...sourceContract(['shop']), roles: { own: [] } };

  private constructor(
    readonly test: TestCluster,
    readonly clone: PostgresCluster,
    private readonly execution: Execution,
    /** The master user on each side. */
    readonly onSource: Client,
    readonly onClone: Client,
    /** Superusers. */
    readonly sourceAdmin: Client,
    readonly cloneAdmin: Client,
  ) {}

  static async start(setup: string): Promise<RolesWorld> {
    const test = await startTestCluster();
    return RolesWorld.of(test, setup).catch(async (cause: unknown) => {
      await test.stop();
      throw cause;
    });
  }

  private static async of(test: TestCluster, setup: string): Promise<RolesWorld> {
    const source = await test.connect('shop');
    await source.query(setup);
    const { clone, execution, onClone } = await cloneOf(test, {});
    const admins = [await test.cluster.adminClient('shop'), await clone.adminClient('shop')] as const;
    for (const admin of admins) test.onStop(() => admin.end());
    return new RolesWorld(test, clone, execution, source, await onClone('shop'), ...admins);
  }

  async plan(): Promise<Proposal> {
    const roles = await observeRoles(this.execution.connections.reading(), ['shop']);
    return planRoles(this.contract, { roles } as unknown as Observation);
  }

  /** @returns what was told of changes that could not be made */
  async apply({ changes }: Proposal): Promise<string[]> {
    const { connections } = this.execution;
    const execution = {
      ...this.execution,
      connections: { ...connections, contracts: { source: this.contract, target: null } } as typeof connections,
    };
    const told: string[] = [];
    for (const { operation } of changes) {
      if (operation.kind !== 'follow-roles') throw new Error(`not expected: ${operation.kind}`);
      await followRoles(operation, execution).catch((error: Error) => told.push(error.message));
    }
    return told;
  }

  /** Plans, applies, and plans again. */
  async follow(): Promise<{ first: Proposal; told: string[]; second: Proposal }> {
    const first = await this.plan();
    const told = await this.apply(first);
    return { first, told, second: await this.plan() };
  }

  stop(): Promise<void> {
    return this.test.stop();
  }
}

export const statementsOf = ({ changes }: Proposal): string[] => changes.flatMap(({ preview }) => [...preview]);
