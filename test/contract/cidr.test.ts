import fc from 'fast-check';
import { parseCidr, rangesOverlap } from '../../contract/cidr';

function range(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} does not parse`);
  return parsed;
}

test.each(['10.0.0.0', '10.0.0.256/16', '10.0.0.0/33', '10.0.0.1/16', 'ten/8', '1.2.3.4.5/8'])(
  '%s is not a block',
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);

test.each([
  ['10.0.0.0/16', '10.0.128.0/20', true],
  ['10.0.0.0/16', '10.1.0.0/16', false],
  ['0.0.0.0/0', '255.255.255.255/32', true],
  ['192.168.0.0/24', '192.168.1.0/24', false],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect(rangesOverlap(range(one), range(other))).toBe(expected);
  expect(rangesOverlap(range(other), range(one))).toBe(expected);
});

test('a block overlaps with every block cut out of it', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 255 }),
      fc.nat({ max: 255 }),
      fc.integer({ min: 17, max: 24 }),
      (second, third, prefix) => {
        const inner = (third >> (24 - prefix)) << (24 - prefix);
        expect(rangesOverlap(range(`10.${second}.0.0/16`), range(`10.${second}.${inner}.0/${prefix}`))).toBe(true);
      },
    ),
  );
});
