import type { SchemaComparison } from '../actions/schema';
import type { Difference, Survival } from '../drift/difference';
import { KINDS, KIND_NAMES, ORDERS } from '../drift/kinds';

const LEVEL: Readonly<Record<Survival, string>> = { continues: 'note', stops: 'error', differs: 'error' };
const FORM = 'https://json.schemastore.org/sarif-2.1.0.json';

/** The differences as SARIF 2.1.0 (OASIS), a rule for each kind. What could not be looked at is a notification of the run. */
export function schemaSarif(comparison: SchemaComparison, version: string): string {
  const unread = comparison.databases.flatMap(({ database, unread: phrases }) =>
    phrases.map((phrase) => notification('error', `database ${database}: ${phrase}`)),
  );
  const run = {
    tool: {
      driver: {
        name: 'sql-runner schema',
        version,
        rules: KIND_NAMES.map((kind) => ({ id: kind, shortDescription: { text: KINDS[kind].title } })),
      },
    },
    invocations: [
      {
        executionSuccessful: unread.length === 0,
        toolExecutionNotifications: [
          ...unread,
          ...comparison.notCompared.map((phrase) => notification('note', `not compared: ${phrase}`)),
        ],
      },
    ],
    results: [
      ...comparison.databases.flatMap(({ database, differences }) => differences.map((one) => resultOf(one, database))),
      ...comparison.roles.map((one) => resultOf(one, null)),
    ],
  };
  return JSON.stringify({ $schema: FORM, version: '2.1.0', runs: [run] }, null, 2);
}

const notification = (level: string, text: string) => ({ level, message: { text } });

function resultOf(one: Difference, database: string | null) {
  const statements = one.statements.map((text) => `${text};`).join('\n');
  const text = [
    `${one.object}: ${one.source ?? 'none'} on the source, ${one.clone ?? 'none'} on the clone.`,
    `${one.consequence}. Order the next time: ${ORDERS[one.order]}.`,
    ...(one.next === null ? [] : [`${one.next}.`]),
    ...(statements === '' ? [] : [`On the clone, ${one.when}: ${statements}`]),
  ].join(' ');
  const name = database === null ? one.object : `${database}: ${one.object}`;
  return {
    ruleId: one.kind,
    ruleIndex: KIND_NAMES.indexOf(one.kind),
    level: LEVEL[one.survives],
    message: { text },
    locations: [{ logicalLocations: [{ fullyQualifiedName: name, kind: 'object' }] }],
    partialFingerprints: { 'difference/v1': JSON.stringify([database, one.kind, one.mark, one.object]) },
  };
}
