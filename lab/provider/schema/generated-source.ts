import { readFileSync } from 'node:fs';

/**
 * The TypeScript that `@cdktf/provider-aws` was compiled from. cdktf generated
 * it from the real provider's schema, and it says more than the compiled
 * JavaScript: which fields are computed, optional or required.
 */
export function generatedSource(library: string): string {
  const file = require.resolve(`@cdktf/provider-aws/lib/${library}/index.js`);
  const compiled = readFileSync(file, 'utf8');
  const marker = compiled.lastIndexOf('//# sourceMappingURL=');
  const start = compiled.indexOf('base64,', marker) + 'base64,'.length;
  if (marker < 0) throw new Error(`${file} has no source map; the lab reads the AWS schema from there`);
  const map = JSON.parse(Buffer.from(compiled.slice(start).trim(), 'base64').toString('utf8')) as {
    sourcesContent?: string[];
  };
  const source = map.sourcesContent?.[0];
  if (source === undefined) throw new Error(`the source map of ${file} embeds no source`);
  return source;
}

/** `aws_rds_cluster` → `rds-cluster`. */
export function resourceLibrary(type: string): string {
  return type.replace(/^aws_/, '').replaceAll('_', '-');
}

/** `aws_rds_cluster` → `data-aws-rds-cluster`. */
export function dataSourceLibrary(type: string): string {
  return `data-${type.replaceAll('_', '-')}`;
}
