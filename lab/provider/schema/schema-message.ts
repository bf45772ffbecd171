import type { Behaviour } from '../behaviour';

import type { BlockSchema, NestedBlockSchema } from './model';

const NESTING = { single: 1, list: 2, set: 3 } as const;
type Secrets = Pick<Behaviour, 'sensitive' | 'writeOnly'>;

/** A schema as the protocol's Schema message. */
export function schemaMessage(schema: BlockSchema, behaviour: Secrets = {}): object {
  return { version: 0, block: blockMessage(schema, behaviour, '') };
}

function blockMessage(schema: BlockSchema, behaviour: Secrets, prefix: string): object {
  return {
    attributes: schema.attributes.map((attribute) => ({
      name: attribute.name,
      type: Buffer.from(JSON.stringify(attribute.type)),
      required: attribute.required,
      optional: attribute.optional,
      computed: attribute.computed,
      sensitive: behaviour.sensitive?.includes(prefix + attribute.name) ?? false,
      writeOnly: behaviour.writeOnly?.includes(prefix + attribute.name) ?? false,
    })),
    blockTypes: schema.blocks.map((nested) => nestedMessage(nested, behaviour, `${prefix}${nested.name}.`)),
  };
}

function nestedMessage(nested: NestedBlockSchema, behaviour: Secrets, prefix: string): object {
  return {
    typeName: nested.name,
    nesting: NESTING[nested.nesting],
    minItems: nested.minItems,
    maxItems: nested.maxItems,
    block: blockMessage(nested.block, behaviour, prefix),
  };
}
