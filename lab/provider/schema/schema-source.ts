import type { CtyType } from '../cty/type';

import { dataSourceLibrary, generatedSource, resourceLibrary } from './generated-source';
import {
  impliedType,
  type AttributeSchema,
  type BlockSchema,
  type NestedBlockSchema,
  type ProviderSchemas,
} from './model';
import {
  commentedFlags,
  declaration,
  hclFields,
  nestedStruct,
  rootStruct,
  type FieldFlags,
  type HclField,
  type StructSource,
} from './struct-source';
import { DATA_SOURCE_TYPES, RESOURCE_TYPES } from './types-in-use';

/** The schemas of everything in use, read from `@cdktf/provider-aws`. Takes a few tenths of a second. */
export function readProviderSchemas(): ProviderSchemas {
  return {
    provider: schemaOfLibrary('provider'),
    resources: Object.fromEntries(RESOURCE_TYPES.map((type) => [type, schemaOfLibrary(resourceLibrary(type))])),
    dataSources: Object.fromEntries(DATA_SOURCE_TYPES.map((type) => [type, schemaOfLibrary(dataSourceLibrary(type))])),
  };
}

function schemaOfLibrary(library: string): BlockSchema {
  const source = generatedSource(library);
  try {
    return blockOf(source, rootStruct(source), library === 'provider' ? ['alias'] : []);
  } catch (error) {
    throw new Error(`@cdktf/provider-aws/lib/${library}: ${(error as Error).message}`, { cause: error });
  }
}

/** `metaArguments` are fields of Terraform's own that the generator lists among the provider's. */
function blockOf(source: string, struct: StructSource, metaArguments: readonly string[] = []): BlockSchema {
  const flags = commentedFlags(struct);
  const attributes: AttributeSchema[] = [];
  const blocks: NestedBlockSchema[] = [];
  const settable = hclFields(struct).filter((field) => !metaArguments.includes(field.name));
  for (const field of settable) {
    const fieldFlags = flags.get(field.name) ?? flagsFromDeclaration(struct, field);
    // A computed section can only be an attribute that holds objects: real blocks are never computed.
    if (field.isBlock && !fieldFlags.computed) blocks.push(nestedBlock(source, struct, field));
    else attributes.push(attribute(field.name, fieldFlags, settableType(source, field)));
  }
  for (const [name, found] of flags) {
    if (settable.some((field) => field.name === name) || metaArguments.includes(name)) continue;
    if (!found.computed) throw new Error(`field ${name} is neither settable nor computed`);
    attributes.push(attribute(name, found, getterType(source, name, found.getter)));
  }
  return { attributes, blocks };
}

function attribute(name: string, { computed, optional, required }: FieldFlags, type: CtyType): AttributeSchema {
  return { name, type, required, optional, computed };
}

function flagsFromDeclaration(struct: StructSource, field: HclField): FieldFlags {
  const { optional } = declaration(struct, field.property);
  return { computed: false, optional, required: !optional };
}

function nestedBlock(source: string, parent: StructSource, field: HclField): NestedBlockSchema {
  if (field.struct === undefined) throw new Error(`block ${field.name} has no struct`);
  const nesting = { struct: 'single', list: 'list', set: 'set' }[field.kind] as
    NestedBlockSchema['nesting'] | undefined;
  if (nesting === undefined) throw new Error(`block ${field.name} has unknown kind ${field.kind}`);
  const declared = declaration(parent, field.property);
  return {
    name: field.name,
    nesting,
    minItems: nesting === 'single' || declared.optional ? 0 : 1,
    // The generator offers a single object, not an array, exactly where Terraform allows at most one.
    maxItems: nesting === 'single' || declared.type.includes('[]') ? 0 : 1,
    block: blockOf(source, nestedStruct(source, field.struct)),
  };
}

function settableType(source: string, field: HclField): CtyType {
  if (field.struct !== undefined) {
    const element = impliedType(blockOf(source, nestedStruct(source, field.struct)));
    if (field.kind === 'list' || field.kind === 'set') return [field.kind, element];
    if (field.kind === 'struct') return element;
  }
  const match = /^(string|number|boolean)(List|Map|)$/.exec(field.storage);
  const element = match?.[1] === 'boolean' ? 'bool' : (match?.[1] as 'string' | 'number' | undefined);
  if (element !== undefined) {
    if (field.kind === 'simple' && match![2] === '') return element;
    if ((field.kind === 'list' || field.kind === 'set') && match![2] === 'List') return [field.kind, element];
    if (field.kind === 'map' && match![2] === 'Map') return ['map', element];
  }
  throw new Error(`field ${field.name}: no Terraform type for ${field.kind} of ${field.storage}`);
}

/** The type of a field that can only be read; the getter is all that tells. */
function getterType(source: string, name: string, getter: string): CtyType {
  const simple =
    /return (?:cdktf\.Fn\.(tolist)\()?this\.get(String|Number|Boolean|List|NumberList|StringMap)Attribute\(/.exec(
      getter,
    );
  if (simple !== null) {
    const element =
      simple[2] === 'NumberList' || simple[2] === 'Number' ? 'number' : simple[2] === 'Boolean' ? 'bool' : 'string';
    if (simple[2] === 'StringMap') return ['map', 'string'];
    // The generator wraps the getters of sets, and only those, in tolist().
    return simple[2]!.endsWith('List') ? [simple[1] === 'tolist' ? 'set' : 'list', element] : element;
  }
  if (/ = new cdktf\.StringMap\(/.test(getter)) return ['map', 'string'];
  if (/ = new cdktf\.BooleanMap\(/.test(getter)) return ['map', 'bool'];
  const nested = / = new (\w+)List\(this, "\w+", (true|false)\)/.exec(getter);
  if (nested === null) throw new Error(`field ${name}: no Terraform type for its getter`);
  return [nested[2] === 'true' ? 'set' : 'list', impliedType(blockOf(source, nestedStruct(source, nested[1]!)))];
}
