import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { refusedBy } from '../postgres/scratch-session';
import { compareRows } from './compared-rows';
import type { Stage } from './stage';
import { writtenTables } from './written-tables';

/** Gives the clone the rows of the source, so that what comes next is judged by itself. @returns whether they are equal then */
export async function equalise(stage: Stage): Promise<boolean> {
  try {
    await stage.clone.query('SET session_replication_role = replica');
    for (const table of await writtenTables(stage.source)) {
      const name = quoteQualified(table);
      const columns = table.columns.filter(({ generated }) => !generated);
      const list = columns.map((column) => quoteIdent(column.name)).join(', ');
      const texts = columns.map((column) => `${quoteIdent(column.name)}::text`).join(', ');
      await stage.clone.query(`DELETE FROM ONLY ${name}`);
      const rows = await stage.source.query<{ values: (string | null)[] }>(
        `SELECT ARRAY[${texts}]::text[] AS values FROM ONLY ${name}`,
      );
      for (const { values } of rows) {
        const bound = columns.map(({ type }, index) => `$${String(index + 1)}::text::${type}`).join(', ');
        await stage.clone.query(`INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE VALUES (${bound})`, values);
      }
    }
    await stage.clone.query('RESET session_replication_role');
    return (await compareRows(stage)).length === 0;
  } catch (error) {
    refusedBy(error);
    return false;
  }
}
