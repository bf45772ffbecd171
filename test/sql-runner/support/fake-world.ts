import { Client } from 'pg';
import type { Contracts } from '../../../contract/contract';
import type { Open } from '../../../sql-runner/connections/open';
import type { EngineEvent } from '../../../sql-runner/model/events';
import type { Observation } from '../../../sql-runner/model/observation';
import { sourceContract, targetContract } from './contract';
import { replaceAws } from './fake-accounts';
import { openTold, type Facts } from './facts';
import { answersOf } from './fake-answers';
import { type Draft, edit, following } from './observations';
import { healthy, type Surveyed } from './surveys';
import { inVirtualTime } from './virtual-time';

/** Where a statement arrives. */
export interface At {
  readonly side: 'source' | 'target';
  readonly database: string;
  readonly user: string;
  /** The startup packet's settings. */
  readonly options: string;
}

export type Reply = object[] | Error;

/** Two clusters and two accounts that exist only as what is read of them. */
export interface World {
  readonly contracts: Contracts;
  readonly contract: Contracts['source'];
  observation: Draft<Observation>;
  survey: Draft<Surveyed>;
  instanceStatus: string;
  /** The login that was put into the secret of the replication role. */
  written: { username: string; password: string } | null;
  /** Of the clone's server; null: RDS has none. */
  cloneLog: string | null;
  /** Every statement and call, in its order. */
  readonly log: string[];
  /** Those that a server was to keep for the next time. */
  readonly kept: string[];
  readonly events: EngineEvent[];
  readonly open: Set<Client>;
  /** Clients with a statement under way, and how often one that waits for each answer got a second one meanwhile. */
  readonly busy: Map<Client, number>;
  overlaps: number;
  /** What readers find otherwise than by asking. */
  readonly facts: Facts;
  /** For whoever is to have these facts. */
  readonly opening: Open;
  /** Looked at before all else; undefined: answer as usual. */
  onSql: (sql: string, at: At, values: readonly unknown[]) => Reply | undefined;
  onConnect: (at: At) => Error | undefined;
  onAws: (call: string) => void;
  onAwsRefused: (call: string) => Error | undefined;
}

export function newWorld(
  observation?: (contract: Contracts['source']) => Observation,
  databases?: readonly string[],
): World {
  const contract = sourceContract(databases);
  const seen = (observation ?? following)(contract);
  const facts: Facts = new Map();
  return {
    contracts: { source: contract, target: seen.target === null ? null : deployedTarget() },
    contract,
    observation: edit(seen, numbered) as Draft<Observation>,
    survey: edit(healthy(contract), () => undefined) as Draft<Surveyed>,
    instanceStatus: 'available',
    written: null,
    cloneLog: null,
    log: [],
    kept: [],
    events: [],
    open: new Set(),
    busy: new Map(),
    overlaps: 0,
    facts,
    opening: openTold(facts),
    onSql: () => undefined,
    onConnect: () => undefined,
    onAws: () => undefined,
    onAwsRefused: () => undefined,
  };
}

/** In the order and with the numbers that servers would give. */
function numbered({ target }: Draft<Observation>): void {
  // As many as no check has anything to say about.
  if (target) target.server.maxWorkerProcesses = 32;
  for (const database of Object.values(target?.databases ?? {})) database.writesAreCertain = false;
  target?.subscriptions.sort((a, b) => (a.database < b.database ? -1 : 1));
  target?.subscriptions.forEach((subscription, index) => {
    subscription.oid += index;
    const stream = target.databases[subscription.database]!.streams[subscription.name];
    if (stream?.subscription) stream.subscription.oid = subscription.oid;
  });
}

function deployedTarget() {
  const contract = targetContract();
  const arn = 'arn:aws:rds:eu-west-1:222222222222:cluster:demo-clone';
  return { ...contract, cluster: { ...contract.cluster, arn } };
}

/** It takes statements without waiting for the answers to those before. */
const isPipelined = (client: Client): boolean => (client as unknown as { readonly pipeline: boolean }).pipeline;

/** As much of pg's client as sessions use. */
interface Wire {
  connect(): Promise<void>;
  query(asked: { text: string; values?: readonly unknown[]; name?: string }): Promise<{ rows: object[] }>;
  end(): Promise<void>;
}

/** Runs `body` with every database client and AWS client talking to the world. */
export async function inWorld<T>(world: World, body: () => Promise<T>): Promise<T> {
  const restoreAws = replaceAws(world);
  const wire = Client.prototype as unknown as Wire;
  const spies = [
    jest.spyOn(wire, 'connect').mockImplementation(async function (this: Wire) {
      connect(world, this as unknown as Client);
    }),
    jest.spyOn(wire, 'query').mockImplementation(async function (this: Wire, { text, values = [], name }) {
      if (name !== undefined) world.kept.push(text);
      const client = this as unknown as Client;
      const waiting = world.busy.get(client) ?? 0;
      if (waiting > 0 && !isPipelined(client)) world.overlaps += 1;
      world.busy.set(client, waiting + 1);
      try {
        await Promise.resolve();
        // As pg says it (Client._ending in client.js).
        if (!world.open.has(client)) throw new Error('Client was closed and is not queryable');
        return { rows: query(world, place(world, client), text, values) };
      } finally {
        world.busy.set(client, world.busy.get(client)! - 1);
      }
    }),
    jest.spyOn(wire, 'end').mockImplementation(async function (this: Wire) {
      world.open.delete(this as unknown as Client);
    }),
  ];
  try {
    return await inVirtualTime(body);
  } finally {
    spies.forEach((spy) => spy.mockRestore());
    restoreAws();
  }
}

function connect(world: World, client: Client): void {
  const at = place(world, client);
  world.log.push(`connect ${at.side} ${at.database} as ${at.user}`);
  const refused = world.onConnect(at) ?? refusal(world, at);
  if (refused !== undefined) throw refused;
  world.open.add(client);
}

function query(world: World, at: At, sql: string, values: readonly unknown[]): object[] {
  world.log.push(`${at.side} ${at.database}: ${sql.replace(/\s+/g, ' ')}`);
  const reply = world.onSql(sql, at, values) ?? answersOf(world, sql, at, values);
  if (reply instanceof Error) throw reply;
  return reply;
}

function place({ contract }: World, client: Client): At {
  const { options } = (client as unknown as { connectionParameters: { options: string } }).connectionParameters;
  const side = client.host === contract.cluster.endpoint ? 'source' : 'target';
  return { side, database: client.database!, user: client.user!, options };
}

export const sqlError = (code: string, message = code, more: object = {}): Error =>
  Object.assign(new Error(message), { code, severity: 'ERROR', ...more });

/** Databases that are not there, rdsadmin, and the password of the replication role. */
function refusal({ observation, contract }: World, { side, database, user }: At): Error | undefined {
  const facts = side === 'source' ? observation.source : observation.target!;
  if (database === 'rdsadmin') return sqlError('42501');
  if (!facts.databases[database]?.exists) return sqlError('3D000');
  if (user === contract.replication.role && observation.source.passwordWorks !== true) return sqlError('28P01');
  return undefined;
}
