import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';

import { conform } from './conform';
import { isCtyObject, UNKNOWN, type CtyType, type CtyValue } from './type';

/**
 * cty values over MessagePack: unknown is extension 0, and an unknown value
 * about which something is known already ("refined", for example not null) is
 * extension 12. The refinement is a hint, so reading it as plain unknown is safe.
 * @see https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
 */
const UNKNOWN_EXTENSION = 0;
const REFINED_UNKNOWN_EXTENSION = 12;

const extensions = new ExtensionCodec();
extensions.register({
  type: UNKNOWN_EXTENSION,
  encode: (value) => (value === UNKNOWN ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensions.register({ type: REFINED_UNKNOWN_EXTENSION, encode: () => null, decode: () => UNKNOWN });

/** The wire form of a value. Objects are completed with nulls; throws CtyMismatch when it does not fit. */
export function encodeCty(value: unknown, type: CtyType): Uint8Array {
  return encode(conform(value, type), { extensionCodec: extensions });
}

/** The value of a wire form. Throws CtyMismatch when it does not fit the type. */
export function decodeCty(bytes: Uint8Array, type: CtyType): CtyValue {
  return conform(numbersFromText(decode(bytes, { extensionCodec: extensions }), type), type);
}

/** A number that fits neither int64 nor float64 exactly travels as decimal text. */
function numbersFromText(value: unknown, type: CtyType): unknown {
  if (value === null || value === undefined || value === UNKNOWN) return value;
  if (type === 'number') return typeof value === 'string' ? Number(value) : value;
  if (typeof type === 'string') return value;
  if (Array.isArray(value)) {
    return type[0] === 'list' || type[0] === 'set' ? value.map((item) => numbersFromText(item, type[1])) : value;
  }
  if (!isCtyObject(value) || type[0] === 'list' || type[0] === 'set') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const itemType = type[0] === 'map' ? type[1] : type[1][key];
      return [key, itemType === undefined ? item : numbersFromText(item, itemType)];
    }),
  );
}
