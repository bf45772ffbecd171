import { readFileSync } from 'node:fs';
import { environmentJsonSchema, JSON_SCHEMA_FILE } from '../../environments/json-schema';

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly oneOf?: Node[];
  readonly anyOf?: Node[];
  readonly additionalProperties?: unknown;
}

test('the committed JSON Schema is that of the code', () => {
  // When this fails: npm run schema
  expect(readFileSync(JSON_SCHEMA_FILE, 'utf8')).toBe(environmentJsonSchema());
});

test('editors show a description for every setting, and flag unknown ones', () => {
  const undescribed: string[] = [];
  const open: string[] = [];
  const visit = (node: Node, path: string): void => {
    if (node.properties !== undefined && node.additionalProperties !== false) open.push(path);
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (child.description === undefined && child.const === undefined) undescribed.push(`${path}.${key}`);
      visit(child, `${path}.${key}`);
    }
    [...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])].forEach((child) =>
      visit(child, path),
    );
  };
  visit(JSON.parse(environmentJsonSchema()) as Node, '');
  expect({ undescribed, open }).toEqual({ undescribed: [], open: [] });
});
