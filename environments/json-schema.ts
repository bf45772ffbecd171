import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { environmentSchema } from './schema';

export const JSON_SCHEMA_FILE = join(__dirname, 'environment.schema.json');

/** The JSON Schema by which editors complete and check environment files, as the text of its file. */
export function environmentJsonSchema(): string {
  const schema = z.toJSONSchema(environmentSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (require.main === module) writeFileSync(JSON_SCHEMA_FILE, environmentJsonSchema());
