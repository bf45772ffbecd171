/**
 * Terraform's types, in the JSON form that the plugin protocol itself uses for
 * `Schema.Attribute.type` (a name, or a pair such as `["list", "string"]`).
 * @see https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
 */
export type CtyType = 'string' | 'number' | 'bool' | CollectionType | ObjectType;
export type CollectionType = readonly ['list', CtyType] | readonly ['set', CtyType] | readonly ['map', CtyType];
export type ObjectType = readonly ['object', { readonly [attribute: string]: CtyType }];

/** A value that Terraform will know only after apply. */
export class UnknownValue {
  toString(): string {
    return '(known after apply)';
  }
}

/** The one unknown value: compare with `===`. */
export const UNKNOWN = new UnknownValue();

/** Lists and sets are arrays, maps and objects are plain objects with every attribute present. */
export type CtyValue = null | string | number | boolean | UnknownValue | CtyValue[] | CtyObject;
export interface CtyObject {
  [key: string]: CtyValue;
}

/** True for maps and objects: neither null, nor unknown, nor a list. */
export function isCtyObject(value: unknown): value is CtyObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof UnknownValue);
}

/** True when nothing inside the value is unknown. */
export function isWhollyKnown(value: CtyValue): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  return isCtyObject(value) ? Object.values(value).every(isWhollyKnown) : true;
}
