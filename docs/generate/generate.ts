import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARCHITECTURE, architecture } from './architecture';
import { commandReference } from './cli';
import { configurationReference } from './configuration';
import { createdClusterReference } from './created-cluster';
import { errorReference } from './error-codes';
import { IAM_FILES } from './iam';
import { manPage } from './man';
import { metricsReference } from './metrics';
import { schemaDriftPage } from './schema-drift';
import { SCHEMA_FILES } from './schemas';

const DOCS = join(__dirname, '..');

/** The generated documents: where each is, and its text as of now. */
export const GENERATED: readonly { readonly file: string; readonly text: () => string }[] = [
  { file: join(DOCS, 'configuration.md'), text: configurationReference },
  { file: join(DOCS, 'created-cluster.md'), text: createdClusterReference },
  { file: join(DOCS, 'cli.md'), text: commandReference },
  { file: join(DOCS, 'error-codes.md'), text: errorReference },
  { file: join(DOCS, 'metrics.md'), text: metricsReference },
  { file: join(DOCS, 'schema-drift.md'), text: schemaDriftPage },
  { file: join(DOCS, '..', 'man', 'sql-runner.1'), text: manPage },
  ...SCHEMA_FILES,
  ...IAM_FILES,
  { file: ARCHITECTURE, text: architecture },
];

if (require.main === module) for (const { file, text } of GENERATED) writeFileSync(file, text());
