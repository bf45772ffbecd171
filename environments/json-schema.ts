import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FOLDER } from './folder';
import { environmentSchema } from './schema';

export const JSON_SCHEMA_FILE = join(FOLDER, 'environment.schema.json');

/** The loader leaves these keys out, so the schema of the settings does not know them. */
const SHARED = { description: 'Shared parts: whatever stands here is used only where an alias refers to its anchor.' };

/** The JSON Schema by which editors complete and check environment files, as the text of its file. */
export function environmentJsonSchema(): string {
  const schema = z.toJSONSchema(environmentSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ ...schema, patternProperties: { '^x-': SHARED } }, null, 2)}\n`;
}

if (require.main === module) writeFileSync(JSON_SCHEMA_FILE, environmentJsonSchema());
