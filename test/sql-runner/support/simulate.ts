import type { Change, Operation, SqlOperation } from '../../../sql-runner/model/change';
import type { Observation, PublicationFacts, TargetDatabaseFacts } from '../../../sql-runner/model/observation';
import { formatLsn, parseLsn } from '../../../sql-runner/postgres/text/lsn';
import { formatMark, ownMark } from '../../../sql-runner/model/mark';
import type { SourceContract } from '../../../contract/contract';
import { heartbeat } from './heartbeats';
import { addTables, publishAdded } from './simulate-added';
import { leaveTables } from './simulate-left';
import { connect, connectAnew, hold, isEnabled, must, type World } from './simulate-streams';
import { role } from './catalog-rows';
import { type Draft, edit, server, slot } from './observations';

/** Writers at work: the source's WAL grows. */
function write(world: World): string {
  return (world.source.server.flushLsn = formatLsn(parseLsn(world.source.server.flushLsn!) + 0x100n));
}

/** What the servers and accounts would be after the change; throws where they would refuse it. */
export function carryOut(contract: SourceContract, before: Observation, change: Change): Observation {
  return edit(before, (world) => {
    write(world);
    const { operation } = change;
    switch (operation.kind) {
      case 'attach-parameter-group':
        Object.assign(world.source.cluster, {
          parameterGroup: operation.group,
          parameterGroupStatus: 'pending-reboot',
        });
        // Read only of a group that is not ours.
        if (operation.group === contract.parameterGroup.name) delete world.source.groupParameters;
        return;
      case 'reboot-writer':
        world.source.cluster.parameterGroupStatus = 'in-sync';
        world.source.server.walLevel =
          world.source.cluster.parameterGroup === contract.parameterGroup.name ? 'logical' : 'replica';
        return;
      case 'set-role-password':
        must(world.source.role !== null, 'the role exists');
        world.source.passwordWorks = true;
        world.source.secretVersion = operation.version;
        return;
      case 'create-slot':
        must(world.source.server.walLevel === 'logical', 'wal_level is logical');
        must(publicationsOf(world, operation.place.database).length > 0, 'the publication exists before the slot');
        world.source.slots.push(slot(operation.slot, operation.place.database, { confirmedFlushLsn: write(world) }));
        return;
      case 'drop-slot':
        world.source.slots = world.source.slots.filter((candidate) => candidate.name !== operation.slot);
        return;
      case 'rollback-prepared':
        return withoutInheritable(world.target!.inheritable.preparedTransactions, ({ gid }) => gid === operation.gid);
      case 'issue-ticket':
        return issue(world, operation);
      case 'delete-ticket':
        return void (world.ticket = null);
      case 'prove-continuity':
        return prove(world, operation);
      // Planned by commands of their own, which these simulations do not play.
      case 'renew-table':
      case 'follow-renames':
      case 'skip-transaction':
      case 'mend-rows':
      case 'compare-mended':
      case 'refresh-view':
      case 'follow-roles':
      case 'copy-large-objects':
        throw new Error(`simulate.ts does not know what ${operation.kind} does`);
      case 'drain':
        return operation.streams.forEach((of) => must(isEnabled(world, of), 'what is drained follows'));
      case 'hold-stream':
        return hold(world, operation);
      case 'move-sequences':
        return moveThere(world, operation);
      case 'connect-anew':
        return operation.connections.forEach(({ operation: sql, subscription: name }) => connectAnew(world, name, sql));
      case 'make-table':
      case 'attach-partition':
      case 'copy-tables':
      case 'settle-tables':
        return addTables(world, operation);
      case 'give-copy-rights':
        must(publishAdded(world, change), 'it is of a table that is added');
        return;
      case 'unpublish-table':
      case 'leave-tables':
        return leaveTables(world, operation);
      case 'sql':
        if (publishAdded(world, change)) return;
        return runSql(world, change, operation);
    }
  });
}

/** As without headroom: to where the source stands. */
function moveThere(world: World, { place, sequences }: Extract<Operation, { kind: 'move-sequences' }>): void {
  const { source, clone } = world.sequences!.databases[place.database]!;
  for (const planned of sequences) {
    const there = source.find(({ oid }) => oid === planned.source);
    const here = clone.find(({ oid }) => oid === planned.clone);
    must(there !== undefined && here !== undefined, 'the sequence is on both sides');
    here.position = there.position;
  }
}

function issue(world: World, operation: Extract<Change['operation'], { kind: 'issue-ticket' }>): void {
  const nonce = operation.nonce ?? `nonce-of-${world.source.server.flushLsn}`;
  for (const { database, publication, mark } of operation.entries) {
    const found = publicationsOf(world, database).find((candidate) => candidate.name === publication)!;
    const { confirmedFlushLsn } = world.source.slots.find((candidate) => candidate.name === mark.slot)!;
    if (operation.nonce === null)
      found.comment = formatMark({ ...mark, ticket: { nonce, confirmedFlushLsn: confirmedFlushLsn! } });
  }
  world.ticket = { version: 1, environment: 'demo', nonce, issuedAt: '' };
}

function prove(
  world: World,
  { place, subscription: name }: Extract<Change['operation'], { kind: 'prove-continuity' }>,
) {
  const { subscription: found } = world.target!.databases[place.database]!.streams[name]!;
  must(found?.enabled === true, 'rows are compared while the stream is enabled');
  const { unproven: _, ...proven } = ownMark(found.comment, 'subscription', 'demo')!;
  found.comment = formatMark(proven);
}

/** Enough of SQL for the statements that plans hold, told apart by what the change is about. */
function runSql(world: World, change: Change, { place, statements }: SqlOperation): void {
  const name = change.address.name ?? '';
  const comment = statements.map(({ text }) => / IS '(.*)'$/.exec(text)?.[1]).find((text) => text !== undefined);
  const { kind } = change.address;
  switch (`${kind} ${change.action}`) {
    case 'role create':
      world.source.role = role(comment!);
      return;
    case 'role delete':
      world.source.role = null;
      world.source.passwordWorks = null;
      return;
    case 'publication create':
      publicationsOf(world, place.database).push({
        name,
        comment: comment!,
        heartbeat: heartbeatsOf(world, place.database).length > 0,
        allTables: false,
        publishesEverything: true,
        sendsChanges: true,
        schemas: [],
        tables: world.source.databases[place.database]!.tables,
      });
      return;
    case 'heartbeat create':
      heartbeatsOf(world, place.database).push(heartbeat(name));
      return;
    case 'heartbeat delete':
      must(publicationsOf(world, place.database).length === 0, 'the publication goes before its heartbeat');
      heartbeatsOf(world, place.database).pop();
      return;
    case 'retired-publication update':
      publicationsOf(world, place.database).find((candidate) => candidate.name === name)!.comment = comment!;
      return;
    case 'publication delete':
      must(!world.source.slots.some((candidate) => candidate.name === name), 'the slot goes before the publication');
      world.source.databases[place.database]!.publications = publicationsOf(world, place.database).filter(
        (candidate) => candidate.name !== name,
      );
      return;
    case 'copied-role delete':
      must(
        Object.values(world.target!.databases).every(({ connectGrant }) => connectGrant?.hasGrant === false),
        'grants go before their role',
      );
      world.target!.role = null;
      return;
    case 'copied-publication delete':
      withoutInheritable(world.target!.databases[place.database]!.publications, (copy) => copy.name === name);
      return;
    case 'copied-heartbeat delete':
      withoutInheritable(world.target!.databases[place.database]!.heartbeats!, ({ schema }) => schema === name);
      return;
    case 'inherited-slot delete':
      world.target!.slots = world.target!.slots.filter((candidate) => candidate.name !== name);
      return;
    case 'inherited-origin delete':
      return withoutInheritable(world.target!.inheritable.origins, (origin) => origin.name === name);
    case 'inherited-cron-job update':
      return withoutInheritable(world.target!.inheritable.cronJobs, ({ jobId }) => jobId === name);
    case 'inherited-event-trigger update':
      return withoutInheritable(world.target!.inheritable.eventTriggers, (trigger) => trigger.name === name);
    case 'inherited-trigger update':
      return withoutInheritable(world.target!.inheritable.triggers, (trigger) => name.endsWith(`"${trigger.name}"`));
    case 'inherited-publication delete':
      return withoutInheritable(world.target!.inheritable.publications, (publication) => publication.name === name);
    case 'inherited-index delete':
      return withoutInheritable(world.target!.inheritable.invalidIndexes, (index) => name.endsWith(`"${index.name}"`));
    default:
      must(place.side === 'target', `simulate.ts knows what ${kind} ${change.action} does`);
      return connect(world, `${kind} ${change.action}`, place.database, name, comment, statements);
  }
}

const heartbeatsOf = (world: World, database: string) => world.source.databases[database]!.heartbeats!;
/** What is stopped is as good as gone. */
function withoutInheritable<T>(list: T[], gone: (item: T) => boolean): void {
  const kept = list.filter((item) => !gone(item));
  must(kept.length < list.length, 'only what is there is stopped');
  list.splice(0, list.length, ...kept);
}

/** The deploy of the target stack: replaces the clone when there is a newer ticket, refuses without any. */
export function deployTarget(contract: SourceContract, before: Observation): Observation {
  return edit(before, (world) => {
    must(world.ticket !== null, 'the precondition of the clone');
    if (world.target?.deployedNonce === world.ticket.nonce) return;
    const databases = contract.links.map(({ database, streams }): [string, Draft<TargetDatabaseFacts>] => {
      const empty = streams.map(
        (stream) => [stream.subscription, { subscription: null, originProgress: null }] as const,
      );
      return [
        database,
        {
          exists: true,
          heartbeats: heartbeatsOf(world, database),
          publications: publicationsOf(world, database),
          writtenTables: [],
          connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
          streams: Object.fromEntries(empty),
        },
      ] as const;
    });
    world.target = {
      isSourceServer: false,
      server: server(),
      seedLsn: write(world),
      seedFunctionExists: true,
      slots: world.source.slots,
      subscriptions: [],
      databases: Object.fromEntries(databases),
      inheritable: world.source.inheritable,
      role: { comment: world.source.role!.comment },
      deployedNonce: world.ticket.nonce,
      readOnlyDatabases: [],
      fence: true,
    };
    write(world);
  });
}

function publicationsOf(world: World, database: string): Draft<PublicationFacts>[] {
  return world.source.databases[database]!.publications;
}
