import { version } from '../../package.json';
import { exitCode } from '../../errors/exit-codes';
import { lookAtSchemas } from '../actions/schema';
import { openToLook } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { schemaSarif } from '../render/schema-sarif';
import { differencesIn, schemaText, unreadIn } from '../render/schema-text';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

export interface SchemaOptions extends CommonOptions {
  /** Only these databases; empty: all. */
  readonly database: readonly string[];
  readonly sarif: boolean;
}

/** Shows how far both sides define the same, and what makes them. Reads only. */
export async function schema(environment: string, options: SchemaOptions): Promise<number> {
  const output = outputFor(options);
  const comparison = await lookAtSchemas(
    openToLook,
    await readContracts({ environment, ...options }),
    options.database,
  );
  const text = options.sarif ? schemaSarif(comparison, version) : null;
  output.out(text ?? (options.json ? jsonDocument(comparison) : schemaText(comparison, output.style)));
  return exitCode(
    ...(unreadIn(comparison) > 0 ? (['error'] as const) : []),
    ...(differencesIn(comparison).length > 0 ? (['changes'] as const) : []),
  );
}
