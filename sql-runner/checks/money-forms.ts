import type { MoneyColumn } from '../postgres/catalog/money-columns';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { TargetCheck } from './check';
import { streamsOf, replicatedBy } from '../model/streams';

/** On both sides: what a walsender and an apply worker start with. */
export const MONEY_FORM = 'lc_monetary';

/**
 * The one form of values that depends on a setting which neither libpqwalreceiver.c nor the replication role fixes:
 * those of dates, intervals and floats are set by them (resources/role-settings.ts), names are sent with their schema
 * (its search_path is empty), and what is read of bytea, time zones and arrays does not depend on how it was written.
 * Which locale is the better one only the owner of the data knows; it must be the same.
 */
const forms: TargetCheck = {
  code: 'MONEY_FORMS_DIFFER',
  stops: ['connect'],
  both: true,
  holds: 'amounts of money are sent and read in the same form',
  side: 'target',
  run: (target, scope) =>
    Object.entries(target.databases).flatMap(([database, { applySettings, subscriptionOptions }]) => {
      const { contract, source } = scope;
      const survey = source!.databases[database];
      const sent = survey?.senderSettings.find(({ name }) => name === MONEY_FORM)?.value;
      const read = applySettings.find(({ name }) => name === MONEY_FORM)?.value;
      if (sent === undefined || read === undefined || sameLocale(sent, read)) return [];
      const columns = survey!.moneyColumns.filter(replicatedBy(scope, database));
      if (columns.length === 0) return [];
      const own = streamsOf(contract).filter((of) => of.database === database);
      // Only a new worker starts with the new value, where there is one.
      const names = own.map((of) => quoteLiteral(of.stream.subscription)).join(', ');
      const compare =
        subscriptionOptions.length > 0 ? `then compare all rows with sql-runner verify ${contract.environment}; ` : '';
      return [
        {
          severity: 'block',
          seen: `lc_monetary of database ${database} is ${sent} for what the source sends and ${read} for the apply worker on the clone, and ${described(columns)}`,
          why: 'an amount of money is sent as text in the form of the one locale and read in that of the other: it can arrive as another amount without an error',
          next: `${compare}in database ${database} on the clone: ALTER ROLE ${quoteIdent(target.login)} IN DATABASE ${quoteIdent(database)} SET lc_monetary = ${quoteLiteral(sent)}; SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname IN (${names}) AND pid IS NOT NULL;`,
        },
      ];
    }),
};

/** `en_US.UTF-8` and `en_US.utf8` are one. */
function sameLocale(one: string, other: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return plain(one) === plain(other);
}

const described = (columns: readonly MoneyColumn[]): string =>
  `of type money ${columns.length === 1 ? 'is' : 'are'} ${columns.map((one) => `${displayTable(one)}.${one.column}`).join(', ')}`;

export const moneyFormChecks = [forms];
