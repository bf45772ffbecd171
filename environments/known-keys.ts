import { z } from 'zod';
import type { DocumentPath } from '../errors/problem';
import { environmentSchema } from './schema';

export interface JsonSchema {
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, JsonSchema & { const?: unknown }>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** The settings that may stand at a path, read off the schema itself so that no list of them can go stale. */
export function knownKeys(path: DocumentPath, document: unknown): string[] {
  return Object.keys(settingAt(path, document));
}

/** What the schema says of each of them. */
export function settingAt(path: DocumentPath, document: unknown): Readonly<Record<string, JsonSchema>> {
  let schema = z.toJSONSchema(environmentSchema, { io: 'input' }) as JsonSchema | undefined;
  let value: unknown = document;
  for (const step of path) {
    schema = typeof step === 'number' ? schema?.items : schema?.properties?.[String(step)];
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
    schema = branchFor(schema, value);
  }
  return schema?.properties ?? schema?.oneOf?.[0]?.properties ?? {};
}

/** Of `backend`, the branch whose `type` the file states. */
function branchFor(schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  const type = (value as { type?: unknown } | null | undefined)?.type;
  return schema?.oneOf?.find((branch) => branch.properties?.['type']?.const === type) ?? schema;
}
