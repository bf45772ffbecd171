import { streamsOf } from '../model/streams';
import { ownMark } from '../model/mark';
import type { DdlLog } from '../postgres/catalog/ddl-logs';
import type { SourceContract } from '../../contract/contract';
import { schemaOf } from '../resources/ddl/ddl-facts';
import type { SourceCheck, TargetCheck } from './check';

type Databases = Readonly<Record<string, { readonly ddl: readonly DdlLog[] }>>;

/** Those of the environment, with the database that each is in. */
function logsIn(contract: SourceContract, databases: Databases): { database: string; log: DdlLog }[] {
  return streamsOf(contract).flatMap((of) =>
    (databases[of.database]?.ddl ?? [])
      .filter((log) => log.schema === schemaOf(of) && ownMark(log.comment, 'ddl', contract.environment) !== null)
      .map((log) => ({ database: of.database, log })),
  );
}

/** Until it is decided about, or carried out after all. */
const stopped: TargetCheck = {
  code: 'DDL_STOPPED',
  holds: 'no stream stands before a statement of DDL',
  side: 'target',
  run: ({ databases }, { contract }) =>
    logsIn(contract, databases).flatMap(({ database, log }) => {
      const number = log.stopped ?? 0;
      if (number === 0) return [];
      const { environment } = contract;
      const wanted = contract.links.find((link) => link.database === database)?.ddl ?? 'off';
      return [
        {
          severity: 'block',
          standing: true,
          seen: `the stream of database ${database} stands before statement ${number} of the log of DDL`,
          why: `it is not carried out by itself, and nothing behind it comes to the clone; production keeps its WAL meanwhile${wanted === 'apply' ? '' : `; that the environment file says ddl: ${wanted} is carried out once that is decided`}`,
          next: `see it: sql-runner ddl show ${environment} ${number}; then have it carried out by ddl apply, or left out by ddl skip once the clone has what it did`,
        },
      ];
    }),
};

const notNoted: SourceCheck = {
  code: 'DDL_NOT_NOTED',
  holds: 'all DDL that is followed could be written down',
  side: 'source',
  run: ({ databases }, { contract }) =>
    logsIn(contract, databases).flatMap(({ database, log }) => {
      const missed = log.missed ?? 0;
      if (missed === 0) return [];
      return [
        {
          severity: 'warn',
          seen: `${missed} statements of DDL ran in database ${database} of the source and could not be written down`,
          why: 'they were refused to nobody, and are not carried out on the clone',
          next: 'the log of the source says why each; what both sides define otherwise doctor lists',
        },
      ];
    }),
};

/** No row hangs on it, so that the stream went on; a REVOKE among them leaves rights on the clone. */
const failed: TargetCheck = {
  code: 'DDL_FAILED',
  holds: 'no DDL that came to the clone has failed there and been passed',
  side: 'target',
  run: ({ databases }, { contract: { environment, ...contract } }) =>
    logsIn({ environment, ...contract }, databases).flatMap(({ database, log }) => {
      const [latest, ...others] = log.failed ?? [];
      if (latest === undefined) return [];
      const which = others.length === 0 ? `statement ${latest}` : `statements ${[latest, ...others].join(', ')}`;
      return [
        {
          severity: 'warn',
          seen: `${which} of the log of DDL of database ${database} failed on the clone`,
          why: 'it is of rights, comments or triggers, and the stream went on: both sides differ by what it did on the source',
          next: `see it: sql-runner ddl show ${environment} ${latest}; do on the clone what it did on the source, then: sql-runner ddl skip ${environment} ${latest}`,
        },
      ];
    }),
};

export const ddlChecks = [stopped, notNoted, failed];
