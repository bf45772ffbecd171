import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../../sql-runner/postgres/session';

const FOLDER = join(__dirname, '../../../sql-runner/postgres/catalog');

/** A function of postgres/catalog/ that reads through a session. */
export interface CatalogReader {
  /** `file/function` */
  readonly name: string;
  read(session: Session): Promise<unknown>;
  /** False: what it takes beside the session is not known here, so that it cannot be called. */
  readonly known: boolean;
}

/** What stands in the database that the readers are called on. */
export interface ReaderArguments {
  readonly publication: string;
  readonly subscriptionOid: number;
  readonly slot: string;
  readonly role: string;
}

/** Make texts without asking a server. */
const NO_READERS = /^originName$|Sql$/;

/** What readers take beside the session. A test fails while one is missing here, so that no reader is left out. */
function argumentsOf(of: ReaderArguments): Readonly<Record<string, readonly unknown[]>> {
  return {
    runHistory: [{ schema: 'public', name: 'runs' }],
    sessionsNamed: [['x']],
    backendsNamed: ['x'],
    endSessions: [[0]],
    tableSizes: [[{ schema: 'public', name: 'numbers' }]],
    hasSession: [{ pid: 1, since: '0' }],
    clientSessions: ['sql-runner'],
    definitionNow: [{ schema: 'public', name: 'numbers' }, 1_000],
    lockHolder: ['1'],
    blockedSessions: [[1]],
    keepsReadersOut: ['1/1'],
    connectGrant: [of.role],
    firingTriggers: [[of.publication]],
    heartbeatDependents: [['public']],
    holdingDatabases: [of.role],
    runningSettings: [['wal_level']],
    roleGrants: [of.role, false],
    roleHoldings: [of.role, false],
    loginPrivileges: [of.role],
    originState: [`pg_${of.subscriptionOid}`],
    publishedRows: [{ all: true, schemas: true }, []],
    publishedTypes: [{ all: true, schemas: true }],
    publishedTables: [of.publication],
    beatsOf: ['public'],
    heartbeats: [['public']],
    heartbeatForms: [['public']],
    indexStates: [[0]],
    lockedTables: [[0]],
    isDeletableByKey: [{ schema: 'public', name: 'plain' }, 'plain_pkey'],
    lockWaits: [1],
    holdsUpWorker: [1],
    partitionPlaces: [[{ schema: 'public', name: 'plain' }]],
    relationName: [0],
    roleExists: [of.role],
    schemaOwners: [['public']],
    roleSettings: [of.role],
    sessionSettings: [of.role, ['lock_timeout']],
    tableWriters: [[{ schema: 'public', name: 'plain' }]],
    storedColumns: [{ schema: 'public', name: 'plain' }],
    tableLockHolders: [{ schema: 'public', name: 'plain' }],
    tableParts: [[0]],
    tableShapes: [[0]],
    viewDefinitions: [[0]],
    tableDefinitions: [[0]],
    tableNeeds: [[0]],
    lacking: [[], ['nobody']],
    relationsNamed: [[{ schema: 'public', name: 'plain' }]],
    leftHere: [[{ schema: 'public', name: 'plain' }]],
    schemasNamed: [['public']],
    namedTables: [[0], of.publication],
    namesTaken: [[{ schema: 'public', name: 'plain' }]],
    copyRights: [of.role, [0]],
    roleLimits: [of.role],
    roles: [[of.role]],
    confirmedFlushLsn: [of.slot],
    firstUnapplied: [{ slot: of.slot, publication: of.publication, origin: '0/0', finish: null }],
    namesUnapplied: [{ slot: of.slot, publication: of.publication, origin: '0/0', finish: null }],
    tablesOfConstraint: ['plain_pkey'],
    pendingSkip: ['sub'],
    referencedByOthers: [{ schema: 'public', name: 'plain' }],
    subscriptionStats: [of.subscriptionOid],
    largeObjectsAfter: ['objects', 0, 10],
    largeObjectProperties: [[0]],
    largeObjectDigests: ['objects', [{ oid: 0, first: 0, end: 1 }], null],
    largeObjectPages: ['objects', [{ oid: 0, first: 0, end: 1 }]],
    rolesToOwn: [['nobody']],
  };
}

/** Every reader there is, found by what the files export. */
export function catalogReaders(of: ReaderArguments): CatalogReader[] {
  const known = argumentsOf(of);
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) => {
      // The list of files is not known before: an import statement cannot name them.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const exported = require(join(FOLDER, file)) as Record<string, unknown>;
      return Object.entries(exported)
        .filter(([name, value]) => typeof value === 'function' && !NO_READERS.test(name))
        .map(([name, value]) => {
          const call = value as (session: Session, ...more: readonly unknown[]) => Promise<unknown>;
          const more = known[name] ?? [];
          return {
            name: `${file.replace(/\.ts$/, '')}/${name}`,
            read: (session: Session) => call(session, ...more),
            known: call.length === more.length + 1,
          };
        });
    });
}
