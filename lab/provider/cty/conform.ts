import { isCtyObject, UNKNOWN, type CtyObject, type CtyType, type CtyValue } from './type';

/** The kind and never the value itself, which may be a secret. */
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'a list' : `of type ${typeof value}`);

/** A value that does not fit its type; `path` is dotted, as in `parameter[0].name`. */
export class CtyMismatch extends Error {
  constructor(
    readonly path: string,
    expected: string,
    ...found: [unknown?]
  ) {
    super(`${path === '' ? 'the value' : path}: ${expected}${found.length === 0 ? '' : `, not ${kindOf(found[0])}`}`);
    this.name = 'CtyMismatch';
  }
}

/**
 * Checks a plain value against a type and completes its objects: an attribute
 * that is absent becomes null, one that the type does not have is an error.
 */
export function conform(value: unknown, type: CtyType, path = ''): CtyValue {
  if (value === null || value === undefined) return null;
  if (value === UNKNOWN) return UNKNOWN;
  if (typeof type === 'string') return conformPrimitive(value, type, path);
  switch (type[0]) {
    case 'list':
      return conformList(value, type[1], path);
    case 'set':
      return withoutDuplicates(conformList(value, type[1], path), type[1]);
    case 'map':
      return conformMap(value, type[1], path);
    case 'object':
      return conformObject(value, type[1], path);
  }
}

function conformPrimitive(value: unknown, type: 'string' | 'number' | 'bool', path: string): CtyValue {
  const wanted = type === 'bool' ? 'boolean' : type;
  if (typeof value === wanted) return value as CtyValue;
  throw new CtyMismatch(path, `must be a ${type}`, value);
}

function conformList(value: unknown, element: CtyType, path: string): CtyValue[] {
  if (!Array.isArray(value)) throw new CtyMismatch(path, 'must be a list', value);
  return value.map((item, index) => conform(item, element, `${path}[${index}]`));
}

function conformMap(value: unknown, element: CtyType, path: string): CtyObject {
  if (!isCtyObject(value)) throw new CtyMismatch(path, 'must be a map', value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, conform(item, element, join(path, key))]));
}

function conformObject(value: unknown, attributes: { readonly [name: string]: CtyType }, path: string): CtyObject {
  if (!isCtyObject(value)) throw new CtyMismatch(path, 'must be an object', value);
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(attributes, key)) throw new CtyMismatch(join(path, key), 'there is no such attribute');
  }
  return Object.fromEntries(
    Object.entries(attributes).map(([name, type]) => [
      name,
      Object.hasOwn(value, name) ? conform(value[name], type, join(path, name)) : null,
    ]),
  );
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Elements with something unknown inside may turn out different, so they all stay. */
function withoutDuplicates(elements: CtyValue[], type: CtyType): CtyValue[] {
  const seen = new Set<string>();
  return elements.filter((element) => {
    const key = canonical(element, type);
    if (key === undefined) return true;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Equal as Terraform sees it: sets in any order; an unknown value equals nothing. */
export function sameValue(left: CtyValue, right: CtyValue, type: CtyType): boolean {
  const key = canonical(left, type);
  return key !== undefined && key === canonical(right, type);
}

/** A text that is the same for equal values; undefined when something inside is unknown. */
function canonical(value: CtyValue, type: CtyType): string | undefined {
  if (value === UNKNOWN) return undefined;
  if (value === null || typeof type === 'string') return JSON.stringify(value);
  if (type[0] === 'list' || type[0] === 'set') {
    const parts = (value as CtyValue[]).map((item) => canonical(item, type[1]));
    if (parts.includes(undefined)) return undefined;
    return `[${(type[0] === 'set' ? parts.sort() : parts).join()}]`;
  }
  const entries = Object.entries(value as CtyObject).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = entries.map(([key, item]) => {
    const text = canonical(item, type[0] === 'map' ? type[1] : type[1][key]!);
    return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
  });
  return parts.includes(undefined) ? undefined : `{${parts.join()}}`;
}
