import type { Side } from '../../contract/contract';
import type { HeartbeatColumn, HeartbeatForm } from '../postgres/catalog/heartbeat-forms';
import { quoteIdent } from '../postgres/text/quoting';

/** One thing that is not as it was made. */
export interface Fault {
  /** For a sentence. */
  readonly what: string;
  readonly statements: readonly string[];
  /** On the clone: the beats of both sides have to begin anew, by emptying the source's. */
  readonly emptiesSource?: true;
}

/** As heartbeat.ts makes them, in their order: the number of each is its place. */
const MADE: readonly { readonly name: string; readonly type: string; readonly notNull: boolean }[] = [
  { name: 'id', type: 'uuid', notNull: true },
  { name: 'previous', type: 'uuid', notNull: false },
  { name: 'number', type: 'bigint', notNull: true },
  { name: 'at', type: 'timestamp with time zone', notNull: true },
  { name: 'lsn', type: 'pg_lsn', notNull: true },
  { name: 'passed', type: 'pg_lsn', notNull: false },
];

/** The column of now that was made under the name; where it was dropped, one that was made again. Null: it is gone. */
export function standsFor(columns: readonly HeartbeatColumn[], name: string): HeartbeatColumn | null {
  const place = MADE.findIndex((made) => made.name === name) + 1;
  const own = columns.find(({ number }) => number === place);
  return own ?? columns.find((one) => one.number > MADE.length && one.name === name) ?? null;
}

/** Whether what is read under a name is what was written under it. */
export function holdsBeats({ columns }: HeartbeatForm): boolean {
  return MADE.every(({ name }) => standsFor(columns, name)?.name === name);
}

export function columnFaults({ columns }: HeartbeatForm, table: string, side: Side): Fault[] {
  const pairs = MADE.map((made) => ({ made, now: standsFor(columns, made.name) }));
  const known = new Set(pairs.map(({ now }) => now));
  const alter = (action: string): string => `ALTER TABLE ${table} ${action};`;
  const foreign = columns
    .filter((one) => !known.has(one))
    .map(({ name }) => ({
      what: `it has a column ${name} more`,
      statements: [alter(`DROP COLUMN ${quoteIdent(name)}`)],
    }));
  return [
    ...foreign,
    ...renames(pairs, alter),
    ...pairs.flatMap(({ made, now }) => (now === null || now.isGenerated ? [] : definition(made, now, alter))),
    ...losses(pairs, table, side, alter),
  ];
}

interface Pair {
  readonly made: (typeof MADE)[number];
  readonly now: HeartbeatColumn | null;
}
type Alter = (action: string) => string;

/** By way of names that nothing has, where one took the name of another. */
function renames(pairs: readonly Pair[], alter: Alter): Fault[] {
  const other = pairs.flatMap(({ made, now }) => (now === null || now.name === made.name ? [] : [{ made, now }]));
  const taken = (name: string) => other.some(({ now }) => now.name === name);
  const [aside, back]: string[][] = [[], []];
  for (const { made, now } of other) {
    const between = taken(made.name) ? `acas_${made.name}` : null;
    if (between !== null) aside!.push(alter(`RENAME COLUMN ${quoteIdent(now.name)} TO ${between}`));
    back!.push(alter(`RENAME COLUMN ${quoteIdent(between ?? now.name)} TO ${made.name}`));
  }
  if (other.length === 0) return [];
  const what = other.map(({ made, now }) => `its column ${made.name} is named ${now.name}`).join(', ');
  return [{ what, statements: [...aside!, ...back!] }];
}

function definition({ name, type, notNull }: Pair['made'], now: HeartbeatColumn, alter: Alter): Fault[] {
  const column = (action: string): string => alter(`ALTER COLUMN ${name} ${action}`);
  const faults: Fault[] = [];
  if (now.isIdentity) faults.push({ what: `${name} is an identity column`, statements: [column('DROP IDENTITY')] });
  if (now.hasDefault) faults.push({ what: `${name} has a default`, statements: [column('DROP DEFAULT')] });
  if (now.type !== type)
    faults.push({
      what: `${name} is of type ${now.type}`,
      statements: [column(`TYPE ${type} USING ${name}::text::${type}`)],
    });
  if (now.notNull && !notNull) faults.push({ what: `${name} is NOT NULL`, statements: [column('DROP NOT NULL')] });
  // That of id comes with its key.
  if (!now.notNull && notNull && name !== 'id')
    faults.push({ what: `${name} may be null`, statements: [column('SET NOT NULL')] });
  return faults;
}

/**
 * What a dropped column held is gone. Beats without id, number or time prove nothing: they begin anew, on both sides,
 * as what the clone alone has forgotten would look like a gap.
 */
function losses(pairs: readonly Pair[], table: string, side: Side, alter: Alter): Fault[] {
  const lost = pairs.filter(({ now }) => now === null || now.isGenerated);
  if (lost.length === 0) return [];
  const anew = lost.some(({ made }) => made.notNull);
  const columns = lost.map(
    ({ made: { name, type, notNull } }) => `ADD COLUMN ${name} ${type}${notNull ? ' NOT NULL' : ''}`,
  );
  return [
    {
      what: `it has no column ${lost.map(({ made }) => made.name).join(', ')} as it was made`,
      statements: [
        ...lost.flatMap(({ now, made }) => (now === null ? [] : [alter(`DROP COLUMN ${made.name}`)])),
        ...(anew ? [`TRUNCATE ${table};`] : []),
        alter(columns.join(', ')),
      ],
      ...(anew && side === 'target' ? { emptiesSource: true } : {}),
    },
  ];
}
