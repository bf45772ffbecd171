import type { Statement } from '../model/change';
import type { RoleFacts } from '../model/observation';
import type { RoleSetting } from '../postgres/catalog/session-settings';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';

interface Wanted {
  readonly name: string;
  readonly value: string;
  /** First major that has it. */
  readonly since?: number;
}

/**
 * What the replication role's sessions start with, whatever production sets for its databases and roles: a role's
 * own settings win over a database's (process_settings in postinit.c). They belong to the role and go with it.
 *
 * Timeouts: transaction_timeout ends a walsender in the middle of a large transaction, and it begins anew for ever;
 * statement_timeout ends the copy of a table, idle_session_timeout its session while it waits to catch up.
 * row_security = off turns a policy that would keep rows from a copy into an error (manual, "Logical Replication:
 * Security"). The forms of values: up to 14 nothing else keeps the database's from reaching what is sent; later
 * libpqwalreceiver.c sets them.
 *
 * Not in the connection string's `options`: before the minor releases of 2026 the server's own replace them from 15 on.
 */
const WANTED: readonly Wanted[] = [
  { name: 'statement_timeout', value: '0' },
  { name: 'lock_timeout', value: '0' },
  { name: 'idle_in_transaction_session_timeout', value: '0' },
  { name: 'idle_session_timeout', value: '0', since: 14 },
  { name: 'transaction_timeout', value: '0', since: 17 },
  { name: 'row_security', value: 'off' },
  { name: 'datestyle', value: 'ISO' },
  { name: 'intervalstyle', value: 'postgres' },
  { name: 'extra_float_digits', value: '3' },
];

/** The settings of a role that lacks none. */
export function roleSettings(versionNum: number): RoleSetting[] {
  return WANTED.filter(({ since }) => versionNum >= (since ?? 0) * 10_000).map(({ name, value }) => {
    return { database: null, name, value };
  });
}

/** One statement for each setting that the role lacks, or that its settings in one database would replace. */
export function roleSettingStatements(role: string, facts: RoleFacts | null, versionNum: number): Statement[] {
  const present = facts?.settings ?? [];
  return roleSettings(versionNum).flatMap(({ name, value }) => {
    const own = present.filter((setting) => setting.name === name);
    const set = own.some((setting) => setting.database === null && setting.value === value)
      ? []
      : [{ text: `ALTER ROLE ${quoteIdent(role)} SET ${quoteIdent(name)} = ${quoteLiteral(value)}` }];
    const elsewhere = own.filter((setting) => setting.database !== null && setting.value !== value);
    const reset = elsewhere.map((setting) => ({
      text: `ALTER ROLE ${quoteIdent(role)} IN DATABASE ${quoteIdent(setting.database!)} RESET ${quoteIdent(name)}`,
    }));
    return [...set, ...reset];
  });
}
