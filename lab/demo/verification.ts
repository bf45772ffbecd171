/** One table in the result of `sql-runner verify --json`. */
export interface VerifiedTable {
  database: string;
  schema: string;
  name: string;
  equal: boolean;
  rows: number;
}

interface VerifyJson {
  tables: { database: string; schema: string; name: string; status: string; rows: number }[];
}

/** Reads the JSON that verify leaves on stdout. */
export function readVerification(stdout: string): { tables: VerifiedTable[]; rows: number } {
  const { tables } = JSON.parse(stdout) as VerifyJson;
  return {
    tables: tables.map(({ database, schema, name, status, rows }) => ({
      database,
      schema,
      name,
      rows,
      equal: status === 'equal',
    })),
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
  };
}
