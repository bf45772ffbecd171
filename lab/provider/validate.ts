import type { Behaviour } from './behaviour';
import { isCtyObject, type CtyObject, type CtyValue } from './cty/type';
import type { Problem, ValuePath } from './diagnostics';
import type { BlockSchema } from './schema/model';

/**
 * Everything wrong with one configuration. Terraform itself has already refused
 * unknown names and wrong types by the schema; the rest is the provider's duty.
 */
export function validateConfig(schema: BlockSchema, behaviour: Behaviour, config: CtyObject): Problem[] {
  return [...blockProblems(schema, config, []), ...(behaviour.rules ?? []).flatMap((rule) => rule(config))];
}

function blockProblems(schema: BlockSchema, config: CtyObject, path: ValuePath): Problem[] {
  const own = schema.attributes.flatMap(({ name, required, optional }): Problem[] => {
    const isNull = (config[name] ?? null) === null;
    const at = [...path, name];
    if (required && isNull) {
      return [
        {
          summary: 'Missing required argument',
          detail: `The argument "${name}" is required, but its value is null.`,
          path: at,
        },
      ];
    }
    if (!required && !optional && !isNull) {
      const detail = `The value of "${name}" is decided by AWS and cannot be set.`;
      return [{ summary: 'Value for unconfigurable attribute', detail, path: at }];
    }
    return [];
  });
  const nested = schema.blocks.flatMap(({ name, nesting, block }) =>
    elements(config[name] ?? null).flatMap(({ element, index }) =>
      blockProblems(block, element, nesting === 'list' ? [...path, name, index] : [...path, name]),
    ),
  );
  return [...own, ...nested];
}

function elements(value: CtyValue): { element: CtyObject; index: number }[] {
  const all = Array.isArray(value) ? value : [value];
  return all.flatMap((element, index) => (isCtyObject(element) ? [{ element, index }] : []));
}
