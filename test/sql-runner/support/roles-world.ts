import type { Client } from 'pg';
import type { SourceContract } from '../../../contract/contract';
import type { PostgresCluster } from '../../../lab/postgres/cluster';
import { copyLargeObjects } from '../../../sql-runner/execute/operations/copy-large-objects';
import { followRoles } from '../../../sql-runner/execute/operations/follow-roles';
import { readOnce } from '../../../sql-runner/connections/reading';
import type { Execution } from '../../../sql-runner/execute/execution';
import type { Finding, Proposal } from '../../../sql-runner/model/change';
import { AS_THEY_ARE } from '../../../sql-runner/model/large-objects';
import type { Observation } from '../../../sql-runner/model/observation';
import { observeLargeObjects } from '../../../sql-runner/observe/observe-large-objects';
import { observeRoles } from '../../../sql-runner/observe/observe-roles';
import { copyChange } from '../../../sql-runner/resources/large-object-change';
import { largeObjectFindings } from '../../../sql-runner/resources/large-object-findings';
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
    const execution = this.executing();
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

  /** @returns what is said beside what was seen */
  async copyLargeObjects(): Promise<Finding[]> {
    const execution = this.executing();
    const there = { databases: { shop: { exists: true } } };
    const observation = { source: there, target: there } as unknown as Observation;
    const reading = readOnce(execution.connections);
    const { databases, wanted } = await observeLargeObjects(reading, observation, AS_THEY_ARE);
    const of = { environment: 'demo', database: 'shop', read: databases.shop!, wanted };
    const change = copyChange('shop', of.read, wanted);
    if (change?.operation.kind === 'copy-large-objects') await copyLargeObjects(change.operation, execution);
    return largeObjectFindings(of).filter(({ code }) => code !== 'LARGE_OBJECTS_COMPARED');
  }

  private executing(): Execution {
    const { connections } = this.execution;
    const contracts = { source: this.contract, target: null };
    return { ...this.execution, connections: { ...connections, contracts } as typeof connections };
  }

  stop(): Promise<void> {
    return this.test.stop();
  }
}

export const statementsOf = ({ changes }: Proposal): string[] => changes.flatMap(({ preview }) => [...preview]);
