import { join } from 'node:path';
import { z } from 'zod';
import { costDocument } from '../../cost/document';
import { SCHEMAS } from '../../sql-runner/render/schemas/by-command';
import { eventBody } from '../../sql-runner/render/schemas/event';
import { logLineSchema } from '../../sql-runner/render/schemas/log';
import { errorLine } from '../../sql-runner/render/schemas/error';

const FOLDER = join(__dirname, '..', 'schemas');

/** One JSON Schema a command, that of the estimate, that of errors, which any command may print, and that of events. */
export const SCHEMA_FILES: readonly { readonly file: string; readonly text: () => string }[] = [
  ...Object.entries(SCHEMAS).map(([command, { schema }]) => fileOf(command, schema)),
  fileOf('cost', costDocument),
  fileOf('error', errorLine),
  fileOf('event', eventBody),
  fileOf('log', logLineSchema),
];

function fileOf(name: string, schema: z.ZodType) {
  return { file: join(FOLDER, `${name}.schema.json`), text: () => `${JSON.stringify(published(schema), null, 2)}\n` };
}

/** Open for what later versions add: here nothing more is printed, and readers are not to count on that. */
function published(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // The first number alone tells whether a reader still understands it.
      if (jsonSchema.const !== undefined && jsonSchema.description?.startsWith('MAJOR.MINOR')) {
        const [major] = String(jsonSchema.const).split('.');
        delete jsonSchema.const;
        jsonSchema.pattern = `^${major}\\.\\d+$`;
      }
    },
  });
}
