import { errorsBelow, PRODUCT } from '../../docs/generate/error-sources';
import { CODES, isCode, type Code } from '../../errors/codes';
import { OperatorError } from '../../errors/operator-error';

const entries = Object.entries(CODES);

test.each(entries)('%s is a code with one short sentence: %s', (code, about) => {
  expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/);
  expect(about).toMatch(/^[A-Z].{5,89}[^.]\.$/);
  expect(about).not.toContain('. ');
});

test('no two codes say the same', () => {
  expect(new Set(entries.map(([, about]) => about)).size).toBe(entries.length);
});

test('every code is raised somewhere, with all its texts', () => {
  const raised = new Set<string>(PRODUCT.flatMap(errorsBelow).map(({ code }) => code));
  expect(entries.map(([code]) => code).filter((code) => !raised.has(code))).toEqual([]);
  expect([...raised].filter((code) => !isCode(code))).toEqual([]);
});

test('a code that is not in the list is none, and does not compile', () => {
  expect(['SLOT_LOST', 'SLOT_LOSED', 'toString', null].map(isCode)).toEqual([true, false, false, false]);
  // @ts-expect-error: a slip of the pen
  const slip: Code = 'SLOT_LOSED';
  // @ts-expect-error: the same where it is raised
  expect(new OperatorError({ code: 'SLOT_LOSED', seen: 's', why: 'w', next: 'n' }).code).toBe(slip);
});
