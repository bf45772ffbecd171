import type { At, Reply, World } from './fake-world';
import { serverAnswers } from './fake-server-answers';

type Answer = (world: World, at: At, values: readonly unknown[]) => object[];

/** By a part of the SQL that no other query has. */
const OF_DATABASES: readonly (readonly [part: string, answer: Answer])[] = [
  ['FROM pg_publication p ORDER BY 1', (world, at) => publications(world, at)],
  ['"hasRowFilter"', (world, at) => publishedTables(world, at)],
  ['AS joined,', () => []],
  ['RECURSIVE reached', () => []],
  ['JOIN pg_shdescription d', () => []],
  ['FROM pg_description d\n', () => []],
  [
    'AS marked',
    (world, at, [schemas]) =>
      heartbeats(world, at)
        .filter(({ schema }) => (schemas as string[]).includes(schema))
        .map((one) => ({ ...one, marked: one.comment !== null })),
  ],
  ['AS "uniqueIndexes"', () => []],
  [
    'AS "historyReadable"',
    ({ observation }, { database }) => [observation.target!.databases[database]!.runHistory ?? []].flat(),
  ],
  ['datname::text AS name FROM pg_database', () => []],
  ['previous::text, number::float8', (world, at) => heartbeats(world, at)[0]!.beats],
  ['gen_random_uuid(), last.id', ({ observation }, { database }) => beat(observation, database)],
  ['AS "synchronousCommit"', (world, at) => subscriptions(world, at)],
  ['"identityFault"', (world, at) => tables(world, at)],
  [
    'AS "mayConnect"',
    ({ observation }, { side, database }) => [
      (side === 'source' ? observation.source : observation.target!).databases[database]!.connectGrant!,
    ],
  ],
  ["'CREATE') AS may", ({ observation }, { database }) => [{ may: observation.source.databases[database]!.mayCreate }]],
  [
    'AS "eventTriggers"',
    ({ observation }, { side, database }) => [
      ...((side === 'source' ? observation.source : observation.target!).databases[database]!.ddl ?? []),
    ],
  ],
  ['n_tup_del > 0', ({ observation }, { database }) => observation.target!.databases[database]!.writtenTables],
  [
    "n.nspname = 'cron'",
    (world, at) =>
      inheritable(world, at)
        .cron.filter(({ database }) => database === at.database)
        .map((cron) => ({
          mayRead: cron.mayRead,
          ownOnly: cron.ownOnly,
          update: cron.deactivate === 'update',
          alterJob: cron.deactivate === 'alter_job',
        })),
  ],
  ['FROM cron.job j', (world, at) => here(inheritable(world, at).cronJobs, at)],
  ['FROM pg_event_trigger', (world, at) => here(inheritable(world, at).eventTriggers, at)],
  ['FROM replicated JOIN', (world, at) => here(inheritable(world, at).triggers, at)],
  ['AS "needsIdentity"', (world, at) => here(inheritable(world, at).publications, at)],
  ['pg_stat_progress_create_index', (world, at) => here(inheritable(world, at).invalidIndexes, at)],
  ['AND i.indislive AS valid', () => []],
  ['x.relname = $3::text AND i.indisprimary', () => []],
  [
    'AS "readAt"',
    ({ contract }) =>
      contract.links.flatMap(({ database, streams }, at) =>
        streams.map(({ subscription, slot }) => ({
          oid: 101 + at,
          name: subscription,
          database,
          slot,
          enabled: true,
          readAt: new Date(Date.now()).toISOString(),
        })),
      ),
  ],
  ['FROM pg_foreign_server', (world, at) => here(inheritable(world, at).foreignServers, at)],
  ['FROM pg_opclass o', ({ survey }, { database }) => survey.source.databases[database]!.unmatchable],
  ["'{money,money[]}'", ({ survey }, { database }) => survey.source.databases[database]!.moneyColumns],
  ["'{float4,float8", ({ survey }, { database }) => survey.source.databases[database]!.inexact],
  ["'parentSchema', pn.nspname", ({ survey }, { database }) => survey.source.databases[database]!.sent],
  ['NOT has_schema_privilege', ({ survey }, { side, database }) => named(survey[side].databases[database]!.unusable)],
  ['AS "selectMissing"', ({ survey }, { side, database }) => survey[side].databases[database]!.unreadable],
  ['t.relreplident, c.text', ({ survey }, { side, database }) => survey[side].databases[database]!.definitions],
  ['FROM pg_enum e GROUP BY', ({ survey }, { side, database }) => survey[side].databases[database]!.types],
  ['AS "deniedOriginFunctions"', ({ survey }, { database }) => [survey.target.databases[database]!.privileges]],
  ["k.contype = 'f'", ({ survey }, { database }) => survey.target.databases[database]!.foreignKeys],
  ['r.srsubstate::text AS state', (world, at) => relations(world, at)],
  // A clone's counters begin later than those of its source.
  ['FROM pg_stat_bgwriter', (_, { side }) => [{ since: side === 'source' ? 1 : 2 }]],
  [
    'xact_rollback > 0',
    ({ observation }, { database }) => [{ found: !observation.target!.databases[database]!.writesAreCertain }],
  ],
  [
    'pg_has_role(current_user, c.relowner',
    ({ survey }, { database }) => survey.target.databases[database]!.notAppliable,
  ],
  ["'pg_catalog.pg_largeobject', 'SELECT'", () => [{ open: true }]],
  ['l.oid > $1::oid', () => []],
  ['IS NOT NULL AS there', () => [{ there: false }]],
  ['AS "largeObjects"', ({ survey }, { database }) => [survey.source.databases[database]!.unreplicated]],
  ['coalesce(sum(n_tup_ins', ({ survey }, { database }) => [{ rows: survey.source.databases[database]!.rowsWritten }]],
  ["t.tgenabled IN ('A', 'R') AND NOT", ({ survey }, { database }) => survey.target.databases[database]!.triggers],
  ['AND c.relforcerowsecurity AND NOT', ({ survey }, { database }) => survey.target.databases[database]!.rowSecurity],
  ['AS "ownerLacks"', ({ survey }, { database }) => survey.target.databases[database]!.lackingRights],
  ['AS "ownerMayExecute"', () => []],
  ['AS "ownerNumber"', () => []],
  [
    "array_position('{role in",
    ({ survey }, { side, database }) =>
      side === 'source'
        ? survey.source.databases[database]!.senderSettings
        : survey.target.databases[database]!.applySettings,
  ],
  ["'slot_name', (coalesce", ({ survey }, { database }) => survey.target.databases[database]!.subscriptionOptions],
];

export function answersOf(world: World, sql: string, at: At, values: readonly unknown[]): Reply {
  const found = [...OF_DATABASES, ...serverAnswers].filter(([part]) => sql.includes(part));
  if (found.length > 1) throw new Error(`answered twice, by ${found.map(([part]) => part).join(' and ')}: ${sql}`);
  if (found.length === 0 && /^\s*(SELECT \S*(FROM|AS)|WITH)/.test(sql)) throw new Error(`not answered: ${sql}`);
  return found[0]?.[1](world, at, values) ?? [];
}

function publications({ observation }: World, { side, database }: At): object[] {
  const facts = side === 'source' ? observation.source : observation.target!;
  return (
    facts.databases[database]?.publications.map(({ name, comment, allTables, publishesEverything: all }) => ({
      name,
      owner: 'master',
      login: 'master',
      mayAlter: true,
      generatedColumns: false,
      schemas: [],
      comment,
      allTables,
      insert: true,
      update: all,
      delete: true,
      truncate: true,
      viaRoot: false,
    })) ?? []
  );
}

function heartbeats({ observation }: World, { side, database }: At) {
  const facts = side === 'source' ? observation.source : observation.target!;
  return facts.databases[database]!.heartbeats!;
}

/** Written on the source, and on the clone at once. */
function beat({ source, target }: World['observation'], database: string): object[] {
  for (const side of [source, target!]) {
    const [own] = side.databases[database]!.heartbeats!;
    const number = own!.beats.length + 1;
    own!.beats.push({ id: `beat ${number}`, previous: null, number, at: '2026-01-02T03:04:05Z', passed: null });
  }
  const { length } = source.databases[database]!.heartbeats![0]!.beats;
  return [{ id: `beat ${length}`, number: String(length) }];
}

function publishedTables({ observation }: World, { side, database }: At): object[] {
  const facts = side === 'source' ? observation.source : observation.target!;
  return facts.databases[database]!.publications.flatMap((publication) =>
    [...publication.tables, ...(publication.heartbeat ? [null] : [])].map((table) => ({
      publication: publication.name,
      ...(table ?? { schema: publication.name, name: 'acas_heartbeat' }),
      columns: null,
      hasRowFilter: false,
      filter: null,
      form: null,
      heartbeat: table === null,
      uncovered: table?.uncovered ?? false,
      // As nobody has altered it: the same on both sides.
      row: `1 ${table?.name ?? 'acas_heartbeat'} 1`,
    })),
  );
}

function subscriptions({ observation }: World, { side, database }: At): object[] {
  if (side === 'source') return [];
  return observation
    .target!.subscriptions.filter((subscription) => subscription.database === database)
    .map(({ database: _, ...subscription }) => subscription);
}

function relations({ observation }: World, { database }: At): object[] {
  const present = observation.target!.subscriptions.filter((one) => one.database === database);
  return (observation.target!.databases[database]?.taken ?? []).flatMap(({ subscription, ...table }) => {
    const oid = present.find(({ name }) => name === subscription)?.oid;
    return oid === undefined ? [] : [{ ...table, subscription: oid }];
  });
}

function tables({ observation }: World, { database }: At): object[] {
  return observation.source.databases[database]!.tables;
}

const named = (names: readonly string[]): object[] => names.map((name) => ({ name }));

function inheritable({ observation }: World, { side }: At) {
  return side === 'source' ? observation.source.inheritable : observation.target!.inheritable;
}

function here(rows: readonly { readonly database: string }[], at: At): object[] {
  return rows.filter(({ database }) => database === at.database).map(({ database: _, ...row }) => row);
}
