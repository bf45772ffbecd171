import type { Client } from 'pg';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly labels: readonly string[] | null;
  readonly length: number | null;
}

interface Table {
  readonly id: string;
  readonly columns: readonly Column[];
}

/** Published tables as they are now, by the view that anybody would ask. */
async function tables(client: Client): Promise<readonly Table[]> {
  const { rows } = await client.query<{ id: string; columns: Column[] | null }>(
    `SELECT format('%I.%I', p.schemaname, p.tablename) AS id,
            (SELECT json_agg(json_build_object('name', c.column_name, 'type', c.udt_name, 'nullable', c.is_nullable = 'YES', 'length', c.character_maximum_length,
               'labels', (SELECT json_agg(e.enumlabel) FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = c.udt_name)) ORDER BY c.ordinal_position)
               FROM information_schema.columns c WHERE c.table_schema = p.schemaname AND c.table_name = p.tablename AND c.is_generated = 'NEVER') AS columns
       FROM pg_publication_tables p WHERE p.pubname = 'judged' AND p.tablename <> 'beats' ORDER BY 1`,
  );
  return rows.map(({ id, columns }) => ({ id, columns: columns ?? [] }));
}

const FRESH = 1_000;
let fresh = FRESH;

/** In databases that nobody has written to: a smallint takes no large numbers. */
export function numberAnew(): void {
  fresh = FRESH;
}

/** Writes of each kind, built of the rows that are there. @returns what the source refused for want of an identity */
export async function write(client: Client): Promise<readonly string[]> {
  const refused = new Set<string>();
  const run = async (sql: string, values: readonly unknown[]): Promise<void> => {
    await client.query('SAVEPOINT one');
    try {
      await client.query(sql, [...values]);
    } catch (error) {
      await client.query('ROLLBACK TO one');
      const { message } = error as Error;
      if (/^cannot (update|delete from) table/.test(message)) refused.add(message);
    }
  };
  await client.query('BEGIN');
  // What is deferred would be refused at the end, and all of it with one.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  for (const table of await tables(client)) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ONLY ${table.id} t LIMIT 3`,
    );
    const names = table.columns.map(({ name }) => `"${name}"`).join(', ');
    const insert = `INSERT INTO ${table.id} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM jsonb_populate_record(NULL::${table.id}, $1::jsonb)`;
    for (const { row } of rows.slice(0, 1)) {
      await run(insert, [JSON.stringify({ ...row, ...anew(table) })]);
      for (const column of table.columns) {
        for (const value of hard(column))
          await run(insert, [JSON.stringify({ ...row, ...anew(table), [column.name]: value })]);
        await run(insert, [JSON.stringify({ ...row, ...anew(table), [column.name]: row[column.name] })]);
        const set = `UPDATE ONLY ${table.id} t SET "${column.name}" = r."${column.name}" FROM jsonb_populate_record(NULL::${table.id}, $1::jsonb) r
                      WHERE t.ctid = (SELECT max(ctid) FROM ONLY ${table.id})`;
        for (const value of [hard(column)[0], hard(column).at(-1), anew(table)[column.name]])
          await run(set, [JSON.stringify({ [column.name]: value })]);
      }
    }
    await run(`DELETE FROM ONLY ${table.id} WHERE ctid = (SELECT min(ctid) FROM ONLY ${table.id})`, []);
  }
  await client.query('COMMIT');
  return [...refused];
}

/** New values in every column that may have to be one of its own. */
function anew({ columns }: Table): Record<string, unknown> {
  const n = ++fresh;
  return Object.fromEntries(
    columns.flatMap(({ name, type, length }): [string, unknown][] => {
      if (/^(int|float|numeric)/.test(type)) return name === 'customer' || name === 'total' ? [] : [[name, n]];
      if (/^(text|varchar|bpchar)/.test(type)) return name === 'status' ? [] : [[name, `n${n}`.slice(0, length ?? 99)]];
      return type === 'uuid' ? [[name, `11111111-1111-4111-8111-${String(n).padStart(12, '0')}`]] : [];
    }),
  );
}

function hard({ type, nullable, labels, length }: Column): readonly unknown[] {
  const none = nullable ? [null] : [];
  if (labels !== null) return [...none, ...labels];
  const n = ++fresh;
  const known: Record<string, readonly unknown[]> = {
    int2: [-5, 32_000 + (n % 700)],
    int4: [-n, 2_000_000_000 + n],
    int8: [-n, `80000000000${n}`],
    numeric: [-n, 99_999_999.99, 1_234_567_890.25, 0.1234567],
    float8: [-1.5, 1e200],
    text: ['', 'ü'.repeat(1500) + n],
    varchar: ['', `${'z'.repeat(1500)}${String(n).padStart(5, '0')}`.slice(-(length ?? 1505))],
    bool: [true, false],
    timestamptz: ['2026-07-07T01:02:03.456789Z'],
    timestamp: ['2026-07-07T01:02:03.456789'],
    date: ['2024-06-01', '2025-06-01', '2026-06-01', '2027-06-01', '2028-06-01', '2029-06-01', '2100-01-01'],
    jsonb: [{ a: [1, { b: 2 }] }, 'word'],
    json: [{ z: 1, a: 2 }],
    uuid: ['99999999-9999-4999-8999-999999999999'],
    _text: [['a', 'b']],
    _int4: [[1, 2, 3]],
    bit: ['1111'],
    size: [{ width: n, height: 1, depth: 2, breadth: 3 }],
  };
  return [...none, ...(known[type] ?? [])];
}

/** Every row of each published table, both sides; equal or not, in the columns of the source. */
export async function sameRows(source: Client, clone: Client): Promise<boolean> {
  for (const { id, columns } of await allColumns(source)) {
    const list = columns.map((name) => `"${name}"::text`).join(', ');
    const rows = async (client: Client): Promise<string> => {
      const found = await client.query<string[]>({ text: `SELECT ${list} FROM ONLY ${id}`, rowMode: 'array' });
      return found.rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n');
    };
    try {
      if ((await rows(source)) !== (await rows(clone))) return false;
    } catch {
      return false;
    }
  }
  return true;
}

async function allColumns(client: Client): Promise<readonly { id: string; columns: string[] }[]> {
  const { rows } = await client.query<{ id: string; columns: string[] | null }>(
    `SELECT format('%I.%I', p.schemaname, p.tablename) AS id, (SELECT json_agg(c.column_name ORDER BY 1) FROM information_schema.columns c
              WHERE c.table_schema = p.schemaname AND c.table_name = p.tablename) AS columns FROM pg_publication_tables p WHERE p.pubname = 'judged' AND p.tablename <> 'beats'`,
  );
  return rows.map(({ id, columns }) => ({ id, columns: columns ?? [] }));
}
