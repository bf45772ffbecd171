import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { environmentSchema, type Environment } from '../../environments/schema';

type Path = readonly (string | number)[];

/** The example with one setting changed, or two where one alone would not do. */
export function changed(...changes: readonly (readonly [path: string, value: unknown])[]): Environment {
  const document = parseDocument(readFileSync(join(__dirname, '../../environments/example.yaml'), 'utf8'));
  for (const [path, value] of changes) {
    if (value === undefined) document.deleteIn(steps(path));
    else document.setIn(steps(path), document.createNode(value));
  }
  return environmentSchema.parse(document.toJS());
}

/** `databases[0].name` as its steps; a name with dots stands in quotes. */
function steps(path: string): Path {
  return [...path.matchAll(/"([^"]+)"|\[(\d+)\]|([^.[\]"]+)/g)].map(([, quoted, index, name]) =>
    index === undefined ? (quoted ?? name!) : Number(index),
  );
}
