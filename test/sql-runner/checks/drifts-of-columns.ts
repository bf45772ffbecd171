import { from } from '../../support/postgres-major';
import { type Drift, KEYED, KEYLESS, LACKS, WRITES } from './drift';

const generatedAdded = (table: string, kind: string): Drift => ({
  title: `a generated column is added on the source, ${kind}`,
  table,
  onSource: `ALTER TABLE $ ADD COLUMN doubled int GENERATED ALWAYS AS (id * 2) STORED`,
  code: 'COLUMNS_DIFFER',
  severity: 'warn',
  writes: WRITES,
});

/** Each of a table with a key and of one without. */
export const DRIFTS_OF_COLUMNS: readonly Drift[] = [
  ...[KEYED, KEYLESS].flatMap((table): Drift[] => {
    const kind = table === KEYED ? 'keyed' : 'keyless';
    return [
      {
        title: `a column with a default is added on the source, ${kind}`,
        table,
        onSource: `ALTER TABLE $ ADD COLUMN "Active?" boolean NOT NULL DEFAULT true`,
        code: 'COLUMNS_DIFFER',
        severity: 'block',
        writes: WRITES,
        stops: LACKS,
      },
      {
        title: `a column with a default that was changed since, and a collation, ${kind}`,
        table,
        onSource: `ALTER TABLE $ ADD COLUMN kind varchar(5) COLLATE "C" DEFAULT 'it''s'; ALTER TABLE $ ALTER kind SET DEFAULT 'b'`,
        code: 'COLUMNS_DIFFER',
        severity: 'block',
        writes: WRITES,
        stops: LACKS,
      },
      {
        title: `a default that is taken from the clock, and one that is an array, ${kind}`,
        table,
        onSource: `ALTER TABLE $ ADD COLUMN made timestamptz NOT NULL DEFAULT now(), ADD COLUMN tags text[] DEFAULT '{a,"b c"}'`,
        code: 'COLUMNS_DIFFER',
        severity: 'block',
        writes: WRITES,
        stops: LACKS,
      },
      {
        title: `a column without a default that is filled afterwards, ${kind}`,
        table,
        onSource: `ALTER TABLE $ ADD COLUMN size int; ALTER TABLE $ ALTER size SET DEFAULT 3`,
        code: 'COLUMNS_DIFFER',
        severity: 'block',
        writes: [`UPDATE $ SET size = 3`, `ALTER TABLE $ ALTER size SET NOT NULL`, ...WRITES],
        stops: LACKS,
      },
      {
        title: `a column is renamed on the source, ${kind}`,
        table,
        onSource: `ALTER TABLE $ RENAME COLUMN note TO "Remark"; ALTER TABLE $ ADD CHECK ("Remark" <> '')`,
        code: 'COLUMN_RENAMED',
        severity: 'block',
        writes: [`INSERT INTO $ VALUES (10, 'ten')`, `UPDATE $ SET "Remark" = 'new' WHERE id = 2`],
        stops: LACKS,
      },
      {
        title: `a column of another type on the source, ${kind}`,
        table: `${table}; ALTER TABLE $ ADD COLUMN qty int NOT NULL DEFAULT 1`,
        onSource: `ALTER TABLE $ ALTER qty TYPE bigint`,
        code: 'COLUMN_TYPE_DIFFERS',
        severity: 'block',
        writes: [`UPDATE $ SET qty = 5000000000 WHERE id = 2`],
        stops: /out of range for type integer/,
      },
      // From 18 on the source itself refuses UPDATE where the whole row identifies it, and cannot be sent.
      ...(kind === 'keyless' && from(18) ? [] : [generatedAdded(table, kind)]),
      {
        title: `NOT NULL is dropped on the source, ${kind}`,
        table: `${table}; UPDATE $ SET note = 'a'; ALTER TABLE $ ALTER note SET NOT NULL`,
        onSource: `ALTER TABLE $ ALTER note DROP NOT NULL`,
        code: 'CONSTRAINT_ONLY_ON_CLONE',
        severity: 'block',
        writes: [`UPDATE $ SET note = NULL WHERE id = 2`],
        stops: /violates not-null constraint/,
      },
    ];
  }),
];
