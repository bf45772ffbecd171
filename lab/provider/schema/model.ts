import type { CtyType, ObjectType } from '../cty/type';

/**
 * Terraform's schema of one type, reduced to what the plugin protocol carries.
 *
 * - attribute: a name with a type, set with `=`.
 * - block: a nested section, repeated (`list`, `set`) or not (`single`).
 */
export interface BlockSchema {
  readonly attributes: readonly AttributeSchema[];
  readonly blocks: readonly NestedBlockSchema[];
}

export interface AttributeSchema {
  readonly name: string;
  readonly type: CtyType;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
}

export interface NestedBlockSchema {
  readonly name: string;
  readonly nesting: 'single' | 'list' | 'set';
  readonly minItems: number;
  /** 0 is no limit. */
  readonly maxItems: number;
  readonly block: BlockSchema;
}

/** Everything the provider serves; computed at install time, loaded as JSON at start. */
export interface ProviderSchemas {
  readonly provider: BlockSchema;
  readonly resources: { readonly [type: string]: BlockSchema };
  readonly dataSources: { readonly [type: string]: BlockSchema };
}

/** The type of a whole value of this schema: its attributes and its nested blocks together. */
export function impliedType(schema: BlockSchema): ObjectType {
  return [
    'object',
    Object.fromEntries([
      ...schema.attributes.map((attribute) => [attribute.name, attribute.type]),
      ...schema.blocks.map((nested) => [nested.name, nestedType(nested)]),
    ]),
  ];
}

function nestedType(nested: NestedBlockSchema): CtyType {
  const inner = impliedType(nested.block);
  return nested.nesting === 'single' ? inner : [nested.nesting, inner];
}
