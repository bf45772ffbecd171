import type { Pair } from './pair';
import type { Played } from './play';
import { rowsImage, type TableRows } from './rows-image';
import { schemaImage } from './schema-image';

/** The source as it stood right after one mark was committed, when nobody else had committed anything. */
export interface Entry extends Played {
  readonly rows: ReadonlyMap<string, TableRows>;
  readonly schema: ReadonlyMap<string, string>;
}

/** Every state that the clone may stand at, in the order of their commits. */
export class Journal {
  private constructor(
    private readonly pair: Pair,
    readonly entries: Entry[],
  ) {}

  static async begin(pair: Pair): Promise<Journal> {
    const journal = new Journal(pair, []);
    await pair.source.query('INSERT INTO judge.marks VALUES (0)');
    await journal.write({ ddl: [], script: [], mark: 0 });
    return journal;
  }

  /** @param played what has been committed this moment */
  async write(played: Played): Promise<void> {
    const { eyes, strangers } = this.pair;
    const last = this.entries.at(-1);
    const schema = last && played.ddl.length === 0 ? last.schema : await schemaImage(eyes, strangers);
    this.entries.push({ ...played, rows: await rowsImage(eyes), schema });
  }

  /** Whoever operates it may have put something right on the source, where nobody has committed anything since. */
  async lookAgain(): Promise<void> {
    const { eyes, strangers } = this.pair;
    this.entries.push({ ...this.entries.pop()!, schema: await schemaImage(eyes, strangers) });
  }

  get last(): Entry {
    return this.entries.at(-1)!;
  }

  /** What was sent up to here, for a report: the last transactions whole. */
  script(until = this.entries.length): string {
    return this.entries
      .slice(Math.max(0, until - 12), until)
      .map(({ mark, script }) => `-- ${mark}\n${script.join(';\n')};`)
      .join('\n');
  }
}
