import type { Open } from '../../../sql-runner/connections/open';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { loadEnvironment } from '../../../environments/loader';
import { OperatorError } from '../../../errors/operator-error';
import { connectBy } from '../../../lab/connections';
import { startLab, type Lab } from '../../../lab/lab';
import { type Connect, WORKLOAD_DATABASES } from '../../../lab/workload/seed';
import { readTicket } from '../../../sql-runner/aws/ticket-parameter';
import { Connections } from '../../../sql-runner/connections/connections';
import type { EngineEvent } from '../../../sql-runner/model/events';
import { AS_THEY_ARE } from '../../../sql-runner/model/large-objects';
import type { Plan, PlanMode } from '../../../sql-runner/model/plan';
import { makePlan, run, type RunOptions, type RunOutcome } from '../../../sql-runner/actions/run';
import type { ClusterContract, SourceContract, Contracts, Selection } from '../../../contract/contract';
import { quoteIdent } from '../../../sql-runner/postgres/text/quoting';
import { terraformAs } from '../../lab/aws/support';
import { approved } from '../../support/approved';
import { cloneConfig, clusterContract, deploySource, FILE } from './direct-stacks';
import { withDemoEnvironment } from './demo-environment';
import { execute } from './provocations';
import { WarmSessions } from './warm-sessions';

export interface DirectLabOptions {
  /** That are there and replicated; with one of them everything is read in half the time. Both, unless said. */
  readonly databases?: readonly string[];
  /** That the parameter groups of both sides are made for. */
  readonly streams?: number;
  /** openConnections: each command by new sessions, for a test of what those meet or of what idle ones hold. */
  readonly open?: Open;
}

/**
 * A lab whose stacks are deployed by calling the lab's Terraform endpoint, and
 * whose runs of sql-runner are calls in this process: what a test about many
 * states of the databases needs, in a tenth of the time.
 */
export class DirectLab {
  readonly source: Connect;
  readonly clone: Connect;
  private nonce: string | null = null;
  private cloneCluster: ClusterContract | null = null;

  private constructor(
    readonly lab: Lab,
    /** How its commands connect; see DirectLabOptions. */
    public open: Open,
    public contract: SourceContract,
  ) {
    this.source = connectBy((database) => lab.sourceConnection(database));
    this.clone = connectBy((database) => lab.cloneConnection(database));
  }

  /** @param name tells the labs of the test files apart */
  static async start(name: string, options: DirectLabOptions = {}): Promise<DirectLab> {
    const { databases = WORKLOAD_DATABASES, streams = 2, open = new WarmSessions().open } = options;
    const home = join(tmpdir(), `aurora ${name} ${process.pid}`);
    const lab = await withDemoEnvironment((environmentFile) => startLab({ environmentFile, name, home }));
    try {
      for (const [key, value] of Object.entries(lab.env)) {
        if (value === '') delete process.env[key];
        else process.env[key] = value;
      }
      const world = new DirectLab(lab, open, await deploySource(lab, databases, streams));
      const others = WORKLOAD_DATABASES.filter((database) => !databases.includes(database));
      await execute(
        await world.source('postgres'),
        others.map((database) => `DROP DATABASE ${quoteIdent(database)}`),
      );
      return world;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  get contracts(): Contracts {
    const { contract, cloneCluster: cluster, nonce } = this;
    const { environment, region, targetAccount: account } = contract;
    if (cluster === null || nonce === null) return { source: contract, target: null };
    return {
      source: contract,
      target: {
        version: 1,
        side: 'target',
        environment,
        region,
        account,
        cluster,
        ticketNonce: nonce,
        readOnly: false,
      },
    };
  }

  /** What `cdktf deploy demo-target` does: replaces the clone when there is a newer ticket, refuses without any. */
  async deployTarget(): Promise<void> {
    const ticket = await this.ticket();
    if (ticket === null) throw new Error('the precondition of the clone: no ticket');
    if (ticket === this.nonce) return;
    await this.destroyClone();
    const target = terraformAs(this.lab, this.contract.targetAccount.accountId);
    const { identifier } = loadEnvironment(FILE).target.clone;
    const cluster = await target('create', 'aws_rds_cluster', cloneConfig(identifier, this.contract.cluster.arn));
    await target('create', 'aws_rds_cluster_instance', {
      cluster_identifier: identifier,
      identifier: `${identifier}-1`,
      instance_class: 'db.r6g.large',
    });
    this.nonce = ticket;
    this.cloneCluster = clusterContract(identifier, cluster);
  }

  /** Ends the clone, as a destroy of the target stack does. */
  async destroyClone(): Promise<void> {
    if (this.cloneCluster === null) return;
    const { identifier: id } = this.cloneCluster;
    const target = terraformAs(this.lab, this.contract.targetAccount.accountId);
    await target('delete', 'aws_rds_cluster_instance', null, { id: `${id}-1` });
    await target('delete', 'aws_rds_cluster', null, { id, skip_final_snapshot: true });
    this.cloneCluster = null;
    this.nonce = null;
  }

  /** As a deploy of the source with another selection of the tables of its first database. */
  select(selection: Selection): void {
    const [link, ...others] = this.contract.links;
    const streams = link!.streams.map((stream) => ({ ...stream, selection }));
    this.contract = { ...this.contract, links: [{ ...link!, streams }, ...others] };
  }

  plan(mode: PlanMode = 'apply'): Promise<Plan> {
    return makePlan(this.open, this.contracts, mode);
  }

  /** Approved beforehand, the reboot too, unless `more` says otherwise. */
  run(mode: PlanMode, more: Partial<RunOptions> = {}): Promise<RunOutcome> {
    return run(this.open, this.contracts, approved(mode, more));
  }

  /** Carries out a command that a message prints: `sql-runner <verb> <environment> <options>`. */
  follow([verb, environment, ...options]: readonly string[]): Promise<RunOutcome> {
    if (environment !== this.contract.environment) throw new Error(`${environment} is not the environment`);
    const mode = options.includes('--release-slots') ? 'release' : (verb as PlanMode);
    const consents = { prune: options.includes('--prune'), overwrite: options.includes('--overwrite') };
    return this.run(mode, {
      allowReboot: options.includes('--allow-reboot'),
      ...(verb === 'large-objects' ? { largeObjects: { ...AS_THEY_ARE, ...consents } } : {}),
    });
  }

  /** A run that ends as if it had died after so many changes. @returns the changes it made */
  async runAndDie(mode: PlanMode, after: number): Promise<string[]> {
    const done: string[] = [];
    const listener = (event: EngineEvent): void => {
      if (event.type === 'change-finished') done.push(event.change.id);
    };
    await this.run(mode, { listener, interrupted: () => done.length >= after });
    return done;
  }

  /** The nonce in the target account; null: no ticket. */
  async ticket(): Promise<string | null> {
    const connections = new Connections({ source: this.contract, target: null });
    const ticket = await readTicket(connections.targetAccount, this.contract.ticketParameter);
    await connections.close();
    return ticket?.nonce ?? null;
  }
}

/** The code of the error that an operator would see. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing was refused';
  } catch (error) {
    if (error instanceof OperatorError) return error.code;
    throw error;
  }
}
