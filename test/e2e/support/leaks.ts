import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files below `folder` whose name `wanted` accepts, with their content. */
export function readFiles(folder: string, wanted: (path: string) => boolean): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    // A link into the provider mirror may lead to a directory.
    if (wanted(path) && statSync(path).isFile()) files.set(path, readFileSync(path, 'latin1'));
  }
  return files;
}

/** Places that hold one of the secrets, as it is or escaped the way JSON, SQL, URLs and base64 would have it. */
export function findLeaks(secrets: readonly string[], places: ReadonlyMap<string, string>): string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("'", "''"),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]);
  return [...places].filter(([, text]) => forms.some((form) => text.includes(form))).map(([place]) => place);
}
