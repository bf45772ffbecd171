import { remakeSubscription, dropOrigin } from '../../e2e/support/subscription-moves';
import { moveOrigin } from '../../e2e/support/slot-moves';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { formatConninfo } from '../../../sql-runner/postgres/text/conninfo';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION, type BrokenWorld } from '../broken-world';

const alter = (clause: string): string => `ALTER SUBSCRIPTION ${SUBSCRIPTION} ${clause}`;
/** Whatever was done to it, the count of its updates tells that somebody was there. */
const TOUCHED = ['CONTINUITY_NOT_PROVEN', 'ORIGIN_TOUCHED'] as const;

function reconnect(world: BrokenWorld, parts: Record<string, string | number>): Promise<unknown> {
  const { host, port, user, password } = world.lab.lab.sourceConnection('shop');
  const own = { host: host!, port: port!, dbname: 'shop', user: user!, password: password as string };
  const conninfo = formatConninfo({ ...own, sslmode: 'verify-full', sslrootcert: 'rds-ca.pem', ...parts });
  return world.onClone(alter(`CONNECTION ${quoteLiteral(conninfo)}`));
}

/** Somebody has altered the subscription, or its origin. */
export const SUBSCRIPTION_ROWS: readonly Breakage[] = [
  {
    name: 'disabled',
    states: ['disabled'],
    causes: ['SUBSCRIPTION_DISABLED'],
    beside: TOUCHED,
    breaks: async (world) => {
      await world.onClone(alter('DISABLE'));
      await world.write();
    },
  },
  {
    name: 'held',
    states: ['held'],
    causes: [],
    beside: ['STREAM_HELD'],
    follows: true,
    everywhere: true,
    breaks: async (world) => {
      await world.lab.run('hold');
      await world.write();
    },
  },
  {
    name: 'disabled and enabled by hand',
    // The server counts the updates of all subscriptions together.
    everywhere: true,
    states: ['not proven'],
    causes: ['CONTINUITY_NOT_PROVEN'],
    breaks: async (world) => {
      await world.disabled();
      await world.write();
    },
  },
  {
    name: 'subscription renamed',
    states: ['stopped', 'streaming', 'blocked'],
    causes: ['SUBSCRIPTION_RENAMED'],
    words: /renamed|another name|mine/,
    breaks: async (world) => {
      await world.onClone(alter('RENAME TO mine'));
      await world.write();
    },
  },
  {
    name: 'subscription without its slot',
    states: ['disabled', 'stopped'],
    causes: ['SUBSCRIPTION_ALTERED', 'SUBSCRIPTION_DISABLED'],
    beside: [...TOUCHED, 'APPLY_WORKER_STOPPED'],
    breaks: async (world) => {
      await world.onClone(alter('DISABLE'), alter('SET (slot_name = NONE)'));
      await world.write();
    },
  },
  {
    name: 'subscription of another slot',
    // The server counts the updates of all subscriptions together, and this takes three of them.
    everywhere: true,
    states: ['cut off', 'stopped', 'retrying'],
    causes: ['STREAM_NOT_STREAMING', 'SUBSCRIPTION_ALTERED', 'APPLY_WORKER_STOPPED'],
    beside: TOUCHED,
    words: /\bother\b/,
    breaks: async (world) => {
      await world.onSource(`SELECT pg_create_logical_replication_slot('other', 'pgoutput')`);
      await world.disabled('SET (slot_name = other)');
      await world.write();
    },
    afterwards: (world) =>
      world.onSource(
        `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'other' AND active`,
        `SELECT pg_drop_replication_slot('other')`,
      ),
  },
  {
    name: 'subscription of a slot that is not there',
    states: ['cut off', 'stopped', 'retrying'],
    causes: ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING', 'SUBSCRIPTION_ALTERED', 'APPLY_WORKER_FAILING'],
    beside: TOUCHED,
    words: /nowhere/,
    breaks: async (world) => {
      await world.disabled('SET (slot_name = nowhere)');
      await world.write();
    },
  },
  {
    name: 'subscription of another publication',
    states: ['streaming', 'catching up', 'not proven', 'retrying', 'stopped'],
    causes: ['SUBSCRIPTION_ALTERED', 'CONTINUITY_NOT_PROVEN'],
    beside: [...TOUCHED, 'TABLE_NOT_SUBSCRIBED', 'TABLE_NOT_COPIED'],
    words: /\baside\b/,
    breaks: async (world) => {
      await world.onSource('CREATE PUBLICATION aside FOR TABLE lines');
      await world.onClone(alter('SET PUBLICATION aside WITH (refresh = false)'));
      await world.write();
    },
    afterwards: (world) => world.onSource('DROP PUBLICATION aside'),
  },
  ...(['binary = true', "origin = 'none'", "streaming = 'off'"] as const).map((option): Breakage => ({
    name: `subscription with ${option.replaceAll("'", '')}`,
    states: ['streaming', 'catching up', 'not proven'],
    causes: ['SUBSCRIPTION_ALTERED'],
    beside: TOUCHED,
    words: new RegExp(option.split(' ')[0]!),
    breaks: async (world) => {
      await world.onClone(alter(`SET (${option})`));
      await world.write();
    },
  })),
  {
    name: 'subscription that disables itself',
    states: ['streaming', 'catching up', 'not proven'],
    causes: ['SUBSCRIPTION_ALTERED'],
    beside: TOUCHED,
    words: /disable_on_error/,
    breaks: async (world) => {
      await world.onClone(alter('SET (disable_on_error = true)'));
      await world.write();
    },
    // The worker meets a source that is not up yet, which is an error as well.
    restarted: { states: ['disabled', 'streaming'], causes: ['SUBSCRIPTION_DISABLED', 'SUBSCRIPTION_ALTERED'] },
  },
  {
    name: 'subscription with a wrong password',
    states: ['stopped', 'cut off'],
    causes: ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING'],
    beside: TOUCHED,
    words: /password authentication failed/,
    breaks: async (world) => {
      await reconnect(world, { user: 'acas_demo', password: 'none of theirs' });
      await world.write();
    },
  },
  {
    name: 'subscription to a port where nobody is',
    states: ['stopped', 'cut off'],
    causes: ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING'],
    beside: TOUCHED,
    words: /Connection refused/,
    breaks: async (world) => {
      await reconnect(world, { port: 1 });
      await world.write();
    },
  },
  {
    name: 'subscription as the master user',
    states: ['streaming', 'catching up', 'not proven'],
    causes: ['CONNECTION_ALTERED'],
    beside: TOUCHED,
    words: /instead of acas_demo/,
    breaks: async (world) => {
      await reconnect(world, {});
      await world.write();
    },
  },
  {
    name: 'subscription made again by hand',
    states: ['not proven', 'diverged', 'disabled'],
    causes: ['ORIGIN_BEHIND_SEED', 'CONTINUITY_NOT_PROVEN', 'SUBSCRIPTION_DISABLED'],
    beside: [...TOUCHED, 'SUBSCRIPTION_ALTERED'],
    breaks: async (world) => {
      await world.onClone(alter('DISABLE'));
      await world.slotIsFree();
      await world.asAdmin('clone', remakeSubscription(SUBSCRIPTION), alter('ENABLE'));
      await world.write();
    },
  },
  {
    name: 'subscription dropped',
    states: ['stopped', 'not connected yet', 'blocked'],
    causes: ['APPLY_WORKER_STOPPED', 'CLONE_MAYBE_WRITTEN', 'CLONE_WRITTEN', 'ORIGIN_TOUCHED', 'SLOT_CONSUMED'],
    newClone: true,
    breaks: async (world) => {
      await world.onClone(alter('DISABLE'), alter('SET (slot_name = NONE)'), `DROP SUBSCRIPTION ${SUBSCRIPTION}`);
      await world.write();
    },
  },
  {
    name: 'origin dropped',
    states: ['not proven', 'diverged', 'disabled'],
    causes: ['ORIGIN_BEHIND_SEED', 'CONTINUITY_NOT_PROVEN', 'SUBSCRIPTION_DISABLED'],
    beside: TOUCHED,
    newClone: true,
    breaks: async (world) => {
      await world.onClone(alter('DISABLE'));
      await world.slotIsFree();
      await world.asAdmin('clone', dropOrigin(SUBSCRIPTION));
      await world.write();
    },
  },
  {
    name: 'origin advanced by hand',
    states: ['not proven', 'diverged'],
    causes: ['CONTINUITY_NOT_PROVEN', 'SOURCE_PUT_BACK', 'HISTORY_DIFFERS'],
    beside: TOUCHED,
    newClone: true,
    breaks: async (world) => {
      await world.onClone(alter('DISABLE'));
      await world.slotIsFree();
      await world.write();
      const [row] = await world.onSource('SELECT pg_current_wal_flush_lsn()::text AS lsn');
      await world.asAdmin('clone', moveOrigin(String(row!.lsn)), alter('ENABLE'));
      await world.write();
    },
  },
];
