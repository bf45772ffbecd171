import { alter, ROLE, SUBSCRIPTION, type AlteredLab } from './altered-lab';

/** Each attribute of the subscription: altered by hand, what is said of it, and the changes that put it back. */
export type Drift = readonly [
  name: string,
  by: (lab: AlteredLab) => Promise<unknown>,
  seen: RegExp,
  changes: readonly string[],
];
export const OPTIONS = `target/shop/subscription-options/${SUBSCRIPTION}`;
const SLOT_OPTIONS = `target/shop/subscription-slot-options/${SUBSCRIPTION}`;
const ENABLED = `target/shop/subscription-enabled/${SUBSCRIPTION}`;
export const TABLES = `target/shop/subscription-tables/${SUBSCRIPTION}`;
export const CONNECTION = `target/shop/subscription-connection/${SUBSCRIPTION}`;
export const PROOF = `target/shop/continuity/${SUBSCRIPTION}`;

const HARMLESS =
  'binary = true, streaming = parallel, synchronous_commit = local, disable_on_error = true, run_as_owner = true';

export const DRIFTS: readonly Drift[] = [
  [
    'binary, streaming, synchronous_commit, disable_on_error, run_as_owner, all at once',
    (lab) => lab.onClone(alter(`SET (${HARMLESS})`)),
    /: binary is true instead of false, streaming is parallel instead of on, synchronous_commit is local instead of off, disable_on_error is true instead of false, run_as_owner is true instead of false$/,
    [OPTIONS],
  ],
  ['origin', (lab) => lab.onClone(alter('SET (origin = none)')), /origin is none instead of any/, [OPTIONS, PROOF]],
  [
    'skip_lsn',
    (lab) => lab.onClone(alter(`SKIP (lsn = '7F/0')`)),
    /skip_lsn is 7F\/0 instead of NONE/,
    [OPTIONS, PROOF],
  ],
  [
    'failover',
    (lab) => lab.disabled('SET (failover = true)'),
    /failover is true/,
    [OPTIONS, SLOT_OPTIONS, ENABLED, PROOF],
  ],
  ['publication, one more', (lab) => lab.onClone(alter('ADD PUBLICATION aside')), /"aside"/, [OPTIONS, TABLES, PROOF]],
  [
    'publication, another',
    (lab) => lab.onClone(alter('SET PUBLICATION aside')),
    /publication is \["aside"\] instead of \["acas_demo_shop"\]/,
    [OPTIONS, TABLES, PROOF],
  ],
  [
    'slot_name',
    async (lab) => {
      await lab.onSource(`SELECT pg_copy_logical_replication_slot('${SUBSCRIPTION}', 'aside')`);
      await lab.onClone(alter('SET (slot_name = aside)'));
    },
    /slot_name is aside instead of acas_demo_shop/,
    [OPTIONS, PROOF],
  ],
  [
    'slot_name, none',
    (lab) => lab.onClone(alter('DISABLE'), alter('SET (slot_name = NONE)')),
    /slot_name is NONE/,
    [OPTIONS, ENABLED, PROOF],
  ],
];

/** Of the replication role on the source: by hand, and what it lacks then. */
export const ROLE_DRIFTS: readonly (readonly [by: readonly string[], lacks: string])[] = [
  [
    [
      `ALTER ROLE ${ROLE} NOLOGIN VALID UNTIL '2020-01-01' CONNECTION LIMIT 0`,
      `REVOKE rds_replication FROM ${ROLE}`,
      `ALTER ROLE ${ROLE} NOREPLICATION`,
      `ALTER ROLE ${ROLE} RESET lock_timeout`,
      `REVOKE CONNECT ON DATABASE shop FROM PUBLIC, ${ROLE}`,
    ],
    'LOGIN, membership of rds_replication, a password that does not expire (VALID UNTIL), connections, a setting of its own, CONNECT on database shop',
  ],
  // Alone, so that nothing else keeps the password from being tried.
  [[`ALTER ROLE ${ROLE} CONNECTION LIMIT 0`], 'connections'],
  [[`ALTER ROLE ${ROLE} VALID UNTIL '2099-01-01'`], 'a password that does not expire (VALID UNTIL)'],
];

const TABLES_AND = `orders, aside, ${SUBSCRIPTION}.acas_heartbeat`;
const set = (clause: string): string => `ALTER PUBLICATION ${SUBSCRIPTION} ${clause}`;
/** Of the publication on the source: by hand, what is said of it, and what puts it back by hand. */
export const PUBLICATION_DRIFTS: readonly (readonly [by: string, seen: RegExp, back: string])[] = [
  [
    set(`SET (publish = 'insert, delete')`),
    /: it does not send UPDATE, it does not send TRUNCATE$/,
    set(`SET (publish = 'insert, update, delete, truncate')`),
  ],
  [
    set('SET (publish_via_partition_root)'),
    /sends changes of partitions as those of their root/,
    set('SET (publish_via_partition_root = false)'),
  ],
  [set('DROP TABLE aside'), /inherited it: public\.aside left$/, set('ADD TABLE aside')],
  [
    set('ADD TABLE later'),
    /inherited it: public\.later joined, or is not on the clone any more$/,
    set('DROP TABLE later'),
  ],
  [
    set(`SET TABLE orders WHERE (id > 5), aside (id), ${SUBSCRIPTION}.acas_heartbeat`),
    /: of public\.aside it sends the columns id only, it filters the rows of public\.orders$/,
    set(`SET TABLE ${TABLES_AND}`),
  ],
  [
    set('ADD TABLES IN SCHEMA public'),
    /it publishes all tables of schema public$/,
    set('DROP TABLES IN SCHEMA public'),
  ],
  [
    set(`DROP TABLE ${SUBSCRIPTION}.acas_heartbeat`),
    /the heartbeat left/,
    set(`ADD TABLE ${SUBSCRIPTION}.acas_heartbeat`),
  ],
];
