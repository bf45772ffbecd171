import type { Side } from '../../contract/contract';
import type { HeartbeatColumn, HeartbeatForm } from '../postgres/catalog/heartbeat-forms';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { columnFaults, standsFor, type Fault } from './heartbeat-columns';
import { HEARTBEAT_TABLE } from '../../contract/naming';

/**
 * What of a heartbeat is not as sql-runner made it, with the statements that put it right, in the order in which they
 * have to run: who may do it first, then what stands in the way of the rest.
 */
export function faultsOf(form: HeartbeatForm, side: Side): Fault[] {
  const table = quoteQualified({ schema: form.schema, name: HEARTBEAT_TABLE });
  return [
    ...rightsFaults(form, table),
    ...reactionFaults(form, side, table),
    ...constraintFaults(form, table),
    ...columnFaults(form, table, side),
    ...keyFaults(form, table),
  ];
}

function rightsFaults(form: HeartbeatForm, table: string): Fault[] {
  const { schema, login, owner, schemaOwner } = form;
  const [name, me] = [quoteIdent(schema), quoteIdent(login)];
  const faults: Fault[] = [];
  if (!form.mayAlterSchema)
    faults.push({ what: `${schemaOwner} owns its schema`, statements: [`ALTER SCHEMA ${name} OWNER TO ${me};`] });
  if (!form.mayUseSchema)
    faults.push({
      what: `${login} may not use its schema`,
      statements: [`GRANT ALL ON SCHEMA ${name} TO ${form.mayAlterSchema ? quoteIdent(schemaOwner) : me};`],
    });
  if (!form.mayAlter) faults.push({ what: `${owner} owns it`, statements: [`ALTER TABLE ${table} OWNER TO ${me};`] });
  if (!form.ownerMay)
    faults.push({
      what: 'its owner has not all rights on it',
      statements: [`GRANT ALL ON TABLE ${table} TO ${form.mayAlter ? quoteIdent(owner) : me};`],
    });
  return faults;
}

/** What acts on beats: on the source what fires for anybody's rows, on the clone what fires for those that arrive. */
function reactionFaults(form: HeartbeatForm, side: Side, table: string): Fault[] {
  const acting = side === 'source' ? 'OA' : 'RA';
  const triggers = form.triggers.filter(({ enabled }) => acting.includes(enabled));
  // Rows that arrive are written without the rewriter (ExecSimpleRelationInsert in execReplication.c).
  const rules = side === 'source' ? form.rules.filter(({ enabled }) => acting.includes(enabled)) : [];
  const faults: Fault[] = [
    ...triggers.map(({ name }) => ({
      what: `trigger ${name} fires on it`,
      statements: [`ALTER TABLE ${table} DISABLE TRIGGER ${quoteIdent(name)};`],
    })),
    ...rules.map(({ name }) => ({
      what: `rule ${name} acts on it`,
      statements: [`ALTER TABLE ${table} DISABLE RULE ${quoteIdent(name)};`],
    })),
  ];
  if (form.rowSecurity)
    faults.push({
      what: 'row security holds for it',
      statements: [`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY;`],
    });
  if (form.forcedRowSecurity)
    faults.push({
      what: 'row security is forced on it',
      statements: [`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY;`],
    });
  return faults;
}

const isKey = (form: HeartbeatForm, { type, deferrable, columns }: HeartbeatForm['constraints'][number]): boolean => {
  const id = standsFor(form.columns, 'id');
  return type === 'p' && !deferrable && id !== null && columns.length === 1 && columns[0] === id.number;
};

function constraintFaults(form: HeartbeatForm, table: string): Fault[] {
  return [
    ...form.constraints
      .filter((one) => !isKey(form, one))
      .map(({ name, type }) => ({
        what: `it has ${type === 'p' ? 'another primary key' : `constraint ${name}`}`,
        statements: [`ALTER TABLE ${table} DROP CONSTRAINT ${quoteIdent(name)};`],
      })),
    ...form.uniqueIndexes.map((name) => ({
      what: `it has unique index ${name}`,
      statements: [`DROP INDEX ${quoteQualified({ schema: form.schema, name })};`],
    })),
  ];
}

/** Last, as its column may have to be made first. */
function keyFaults(form: HeartbeatForm, table: string): Fault[] {
  const id: HeartbeatColumn | null = standsFor(form.columns, 'id');
  const faults: Fault[] = [];
  const lost = id === null || id.isGenerated;
  if (lost || !form.constraints.some((one) => isKey(form, one)))
    faults.push({ what: 'it has no primary key on id', statements: [`ALTER TABLE ${table} ADD PRIMARY KEY (id);`] });
  if (form.identity !== 'd')
    faults.push({
      what: 'its replica identity is not that of its primary key',
      statements: [`ALTER TABLE ${table} REPLICA IDENTITY DEFAULT;`],
    });
  return faults;
}
