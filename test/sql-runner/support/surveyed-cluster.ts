import type { Client } from 'pg';
import type { PostgresCluster } from '../../../lab/postgres/cluster';
import type { Finding } from '../../../sql-runner/model/change';
import { ROLE_MARK } from './role-mark';
import {
  surveySourceDatabase,
  surveySourceServer,
  surveyTargetDatabase,
  surveyTargetServer,
} from '../../../sql-runner/observe/survey';
import type { Session } from '../../../sql-runner/postgres/session';
import type { SourceContract } from '../../../contract/contract';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';
import { findingsOf, healthySource, healthyTarget } from './surveys';
import { asking } from './asking';
import type { Ask } from '../../../sql-runner/connections/reading';

/**
 * A real server that is source (database shop) and clone (database copy) at
 * once, read by the code that doctor uses; only RDS is substituted.
 */
export class SurveyedCluster {
  source!: Client;
  target!: Client;
  /** Superusers in the two databases. */
  admin!: Client;
  targetAdmin!: Client;
  /** As RDS would show them for the attached group. */
  groupParameters: Record<string, string> = {};
  /** Added to the age of every open transaction. */
  agedBySeconds = 0;
  /** As whom the checks look; the master user unless a test says otherwise. */
  private login: { user?: string; password?: string } = {};
  private sessions: [source: Session, target: Session] | null = null;

  constructor(
    readonly test: TestCluster,
    private readonly contract: SourceContract,
    private parameters: Record<string, string>,
  ) {}

  async connect(): Promise<void> {
    this.sessions = [
      await openSession({ ...targetOf(this.test, 'shop'), ...this.login }),
      await openSession({ ...targetOf(this.test, 'copy', 'target'), ...this.login }),
    ];
    this.source = await this.test.connect('shop');
    this.target = await this.test.connect('copy');
    this.admin = await this.test.cluster.adminClient('shop');
    this.targetAdmin = await this.test.cluster.adminClient('copy');
  }

  async findings(): Promise<Finding[]> {
    const { contract, groupParameters } = this;
    const [source, target] = this.sessions!.map(asking) as [Ask, Ask];
    const server = await surveySourceServer(source, contract.replication.role);
    const aged = <T extends { ageSeconds: number | null }>(list: readonly T[]): T[] =>
      list.map((one) => ({ ...one, ageSeconds: (one.ageSeconds ?? 0) + this.agedBySeconds }));
    return findingsOf({
      contract,
      source: {
        cluster: healthySource(contract).cluster,
        groupParameters,
        ...server,
        openWrites: aged(server.openWrites),
        prepared: aged(server.prepared),
        databases: { shop: await surveySourceDatabase(source, contract.replication.role) },
      },
      target: {
        cluster: healthyTarget(contract).cluster,
        ...(await surveyTargetServer(target, contract.replication.role)),
        databases: { shop: await surveyTargetDatabase(target) },
      },
    });
  }

  async lookAs(login: { user: string; password: string }): Promise<void> {
    await this.disconnect();
    this.login = login;
    await this.connect();
  }

  async restartWith(parameters: Record<string, string>): Promise<void> {
    this.parameters = parameters;
    await this.test.cluster.setParameters(parameters);
    await this.whileStopped((cluster) => cluster.start());
  }

  /** @param work starts the server again */
  async whileStopped(work: (cluster: PostgresCluster) => Promise<void>): Promise<void> {
    await this.disconnect();
    await this.test.cluster.stop('fast');
    await work(this.test.cluster);
    await this.connect();
  }

  async reloadWith(parameters: Record<string, string>): Promise<void> {
    this.parameters = { ...this.parameters, ...parameters };
    await this.test.cluster.setParameters(this.parameters);
  }

  async stop(): Promise<void> {
    await this.disconnect();
    await this.test.stop();
  }

  private async disconnect(): Promise<void> {
    const clients = [this.source, this.target, this.admin, this.targetAdmin];
    await Promise.all([...clients.map((client) => client?.end()), ...(this.sessions ?? []).map((one) => one.close())]);
  }
}

export async function startSurveyedCluster(
  contract: SourceContract,
  parameters: Record<string, string>,
): Promise<SurveyedCluster> {
  const test = await startTestCluster({ databases: ['shop', 'ledger', 'copy'], parameters });
  const world = new SurveyedCluster(test, contract, parameters);
  await world.connect();
  await world.source.query(`CREATE ROLE acas_demo LOGIN; GRANT rds_replication TO acas_demo; ${ROLE_MARK}`);
  return world;
}
