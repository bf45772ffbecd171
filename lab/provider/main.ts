import { readFileSync } from 'node:fs';
import path from 'node:path';

import { refusal } from './protocol/handshake';
import type { ProviderSchemas } from './schema/model';
import { serve } from './serve';

/** Entry of the bundle: Terraform runs it as a provider plugin. The schemas lie next to the bundle. */
const why = refusal(process.env);
if (why === undefined) {
  const schemas = JSON.parse(readFileSync(path.join(__dirname, 'provider-schemas.json'), 'utf8')) as ProviderSchemas;
  serve(schemas).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
} else {
  fail(why);
}

/** Terraform keeps a plugin's stderr for its log; a line on stdout that is no handshake it shows to people. */
function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  if (process.env.TF_PLUGIN_MAGIC_COOKIE !== undefined) process.stdout.write(`${message}\n`);
  process.exitCode = 1;
}
