import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ClientConfig } from 'pg';
import { loadEnvironment } from '../environments/loader';
import type { Environment } from '../environments/schema';
import { OperatorError } from '../errors/operator-error';
import type { Account, Cluster, World } from './aws/world';
import { DEFAULT_LAB, labDirectory, labHome, makeLabDirectory } from './directory';
import { labProcesses } from './processes';
import { stopLab } from './shutdown';
import { startDaemon } from './start-daemon';
import { readState, type LabState } from './state';
import { ensureTerraform } from './terraform/ensure';

export interface StartLabOptions {
  readonly environmentFile: string;
  /** Of other environments of the same production cluster, whose accounts are to be there as well. */
  readonly besideFiles?: readonly string[];
  readonly name?: string;
  /** Directory of all labs; default: `labHome()`. */
  readonly home?: string;
  /** Port of the AWS endpoint; default: any free one. */
  readonly port?: number;
  /** Port of the production cluster; default: any free one. */
  readonly postgresPort?: number;
}

export const SIDES = ['source', 'clone'] as const;
export type Side = (typeof SIDES)[number];

/** A running lab, as tests and the demo see it. Each call reads the lab's present state. */
export class Lab {
  /** @param cloneOf the environment whose clone is meant; default: the one that the lab was started for */
  constructor(
    readonly directory: string,
    private readonly cloneOf?: Environment['target'],
  ) {}

  /** The same lab as seen from an environment beside its own. */
  of({ target }: Environment): Lab {
    return new Lab(this.directory, target);
  }

  get state(): LabState {
    const state = readState(this.directory);
    if (state === undefined) throw notRunning(this.directory);
    return state;
  }

  /** Variables for SDKs, Terraform and PostgreSQL clients; an empty one means that it must not be set. */
  get env(): Record<string, string> {
    return this.state.env;
  }

  /** The sides that have a cluster by now. */
  get sides(): Side[] {
    return SIDES.filter((side) => this.found(side) !== undefined);
  }

  /** The master user's connection to the production cluster. */
  sourceConnection(database: string): ClientConfig {
    return this.connection('source', database);
  }

  /** The master user's connection to the clone, which must exist. */
  cloneConnection(database: string): ClientConfig {
    return this.connection('clone', database);
  }

  /** The connection of rdsadmin, the superuser whom nobody but the lab itself may be. */
  adminConnection(side: Side, database: string): ClientConfig {
    return this.connectionAs(side, database, { user: 'rdsadmin', password: this.cluster(side).adminPassword });
  }

  /** Every password that the lab or sql-runner made up so far, for tests that look for leaks. */
  secretValues(): string[] {
    const accounts = Object.values(this.state.world.accounts);
    const secrets = accounts.flatMap((account) => Object.values(account.secrets).flatMap(({ versions }) => versions));
    const admins = accounts.flatMap((account) =>
      Object.values(account.clusters).map(({ adminPassword }) => adminPassword),
    );
    return [...new Set([...secrets.map(({ secretString }) => passwordIn(secretString)), ...admins])];
  }

  /** Stops every process of the lab and removes all its files. */
  async down(): Promise<void> {
    await stopLab(this.directory);
  }

  /** The master user's connection to a side. */
  connection(side: Side, database: string): ClientConfig {
    const cluster = this.cluster(side);
    const secrets = Object.assign(
      {},
      ...Object.values(this.state.world.accounts).map((account) => account.secrets),
    ) as Account['secrets'];
    const secret = cluster.masterSecretArn === null ? adminSecret(secrets, cluster) : secrets[cluster.masterSecretArn];
    const password = passwordIn(secret?.versions.at(-1)?.secretString ?? '');
    return this.connectionAs(side, database, { user: cluster.masterUsername, password });
  }

  private connectionAs(side: Side, database: string, login: { user: string; password: string }): ClientConfig {
    const ca = readFileSync(this.state.caFile, 'utf8');
    return {
      host: 'localhost',
      port: this.cluster(side).port,
      database,
      ...login,
      ssl: { ca, rejectUnauthorized: true },
    };
  }

  /** @throws OperatorError LAB_NO_CLONE, LAB_NO_PRODUCTION */
  cluster(side: Side): Cluster {
    const found = this.found(side);
    if (found !== undefined) return found;
    if (side === 'source') throw noProduction(this.state.sourceIdentifier);
    throw new OperatorError({
      code: 'LAB_NO_CLONE',
      seen: `The target account of the lab has no cluster ${this.clonePlace.identifier}.`,
      why: 'There is nothing to connect to.',
      next: 'Deploy the target stack first.',
    });
  }

  private found(side: Side): Cluster | undefined {
    const { world, sourceAccount, sourceIdentifier } = this.state;
    if (side === 'source') return at(world, sourceAccount, sourceIdentifier);
    const { account, identifier } = this.clonePlace;
    return at(world, account, identifier);
  }

  private get clonePlace(): { readonly account: string; readonly identifier: string } {
    if (this.cloneOf !== undefined)
      return { account: this.cloneOf.accountId, identifier: this.cloneOf.clone.identifier };
    const { targetAccount: account, cloneIdentifier: identifier } = this.state;
    return { account, identifier };
  }
}

/** In mode create it is the source stack that makes it. */
function noProduction(identifier: string): OperatorError {
  return new OperatorError({
    code: 'LAB_NO_PRODUCTION',
    seen: `The source account of the lab has no cluster ${identifier}.`,
    why: 'There is nothing to connect to.',
    next: 'Deploy the source stack first.',
  });
}

function at(world: World, account: string, identifier: string): Cluster | undefined {
  return world.accounts[account]?.clusters[identifier];
}

/** A cluster without a managed secret has its password in one that somebody made for it. */
function adminSecret(secrets: Account['secrets'], cluster: Cluster) {
  return Object.values(secrets).find((secret) =>
    secret.versions.at(-1)?.secretString.includes(`"username":"${cluster.masterUsername}"`),
  );
}

/** The password of a secret in RDS's JSON form; any other secret is its own value. */
function passwordIn(secretString: string): string {
  try {
    const parsed = JSON.parse(secretString) as { password?: unknown };
    return typeof parsed.password === 'string' ? parsed.password : secretString;
  } catch {
    return secretString;
  }
}

/** Attaches to a lab that was started before, here or by another process. */
export function openLab(name = DEFAULT_LAB, home = labHome()): Lab {
  const directory = labDirectory(name, home);
  if (!isRunning(directory)) throw notRunning(directory);
  return new Lab(directory);
}

/** True when the lab is complete: its daemon lives and has written its state. */
export function isRunning(directory: string): boolean {
  return readState(directory) !== undefined && labProcesses(directory).some(({ kind }) => kind === 'daemon');
}

/**
 * Starts a lab and returns when everything in it runs. A failure leaves nothing
 * behind, and what a dead lab of this name left is removed first.
 */
export async function startLab(options: StartLabOptions): Promise<Lab> {
  const { name = DEFAULT_LAB, home = labHome(), port, postgresPort } = options;
  const directory = labDirectory(name, home);
  const environmentFile = resolve(options.environmentFile);
  const besideFiles = (options.besideFiles ?? []).map((file) => resolve(file));
  const { binary } = await ensureTerraform();
  const terraform = binary === 'terraform' ? undefined : binary;
  // The daemon reads them again; this way a mistake in a file costs no start.
  for (const file of [environmentFile, ...besideFiles]) loadEnvironment(file);
  if (labProcesses(directory).some(({ kind }) => kind === 'daemon')) throw alreadyThere(name, directory);
  if (existsSync(directory)) await stopLab(directory);
  makeLabDirectory(directory);
  try {
    await startDaemon({ name, directory, environmentFile, besideFiles, terraform, port, postgresPort });
  } catch (error) {
    await stopLab(directory);
    throw error;
  }
  return new Lab(directory);
}

function alreadyThere(name: string, directory: string): OperatorError {
  return new OperatorError({
    code: 'LAB_ALREADY_UP',
    seen: `A lab "${name}" runs already, or is about to, in ${directory}.`,
    why: 'Two labs in one directory would overwrite each other.',
    next: `Take it down with npm run lab -- down --name ${name}, or give this one another name with --name.`,
  });
}

function notRunning(directory: string): OperatorError {
  return new OperatorError({
    code: 'LAB_NOT_UP',
    seen: `No lab runs in ${directory}.`,
    why: 'There are no accounts and no clusters to work with.',
    next: `Start it: npm run lab -- up --name ${basename(directory)}`,
  });
}
