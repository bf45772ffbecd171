import * as fc from 'fast-check';

import { decodeCty, encodeCty } from '../../../lab/provider/cty/codec';
import { conform, sameValue } from '../../../lab/provider/cty/conform';
import { isWhollyKnown, UNKNOWN, type CtyType, type CtyValue } from '../../../lab/provider/cty/type';

const names = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__');
const types: fc.Arbitrary<CtyType> = fc.letrec<{ type: CtyType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<CtyType>('string', 'number', 'bool'),
    fc.tuple(fc.constantFrom('list', 'set', 'map'), tie('type')) as fc.Arbitrary<CtyType>,
    fc.tuple(fc.constant('object'), fc.dictionary(names, tie('type'), { maxKeys: 4 })) as fc.Arbitrary<CtyType>,
  ),
})).type;

function values(type: CtyType): fc.Arbitrary<CtyValue> {
  const present: fc.Arbitrary<CtyValue> =
    type === 'string'
      ? fc.string({ unit: 'binary' })
      : type === 'number'
        ? fc.oneof(
            fc.maxSafeInteger(),
            fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
          )
        : type === 'bool'
          ? fc.boolean()
          : type[0] === 'object'
            ? fc.record(Object.fromEntries(Object.entries(type[1]).map(([name, inner]) => [name, values(inner)])), {
                noNullPrototype: true,
              })
            : type[0] === 'map'
              ? fc.dictionary(names, values(type[1]), { maxKeys: 3, noNullPrototype: true })
              : fc.array(values(type[1]), { maxLength: 3 });
  return fc.oneof({ weight: 8, arbitrary: present }, fc.constant(null), fc.constant(UNKNOWN));
}

const typed = types.chain((type) => fc.tuple(fc.constant(type), values(type)));

test('what is encoded is decoded, with its unknown and null parts', () => {
  fc.assert(
    fc.property(typed, ([type, value]) => {
      expect(decodeCty(encodeCty(value, type), type)).toEqual(conform(value, type));
    }),
  );
});

test('a known value equals itself, in any order of its sets; an unknown one equals nothing', () => {
  fc.assert(
    fc.property(typed, ([type, value]) => {
      const reordered =
        typeof type !== 'string' && type[0] === 'set' && Array.isArray(value) ? [...value].reverse() : value;
      expect(sameValue(conform(value, type), conform(reordered, type), type)).toBe(isWhollyKnown(value));
    }),
  );
});

test('unknown, refined unknown and big numbers have the bytes that Terraform uses', () => {
  expect([...encodeCty(UNKNOWN, 'string')]).toEqual([0xd4, 0x00, 0x00]);
  const notNull = Uint8Array.of(0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2);
  expect(decodeCty(notNull, 'string')).toBe(UNKNOWN);
  const bigNumberAsText = Uint8Array.of(0x91, 0xa3, ...Buffer.from('1e3'));
  expect(decodeCty(bigNumberAsText, ['list', 'number'])).toEqual([1000]);
});

test('a value of another type, or with an attribute too many, names the place', () => {
  const type: CtyType = ['object', { parameter: ['list', ['object', { name: 'string' }]] }];
  expect(() => encodeCty({ parameter: [{ name: 1 }] }, type)).toThrow(
    'parameter[0].name: must be a string, not of type number',
  );
  expect(() => encodeCty({ parameter: [{ nme: 'x' }] }, type)).toThrow('parameter[0].nme: there is no such attribute');
  expect(() => encodeCty({ parameter: { name: 'x' } }, type)).toThrow('parameter: must be a list');
  expect(decodeCty(encodeCty({}, type), type)).toEqual({ parameter: null });
});
