import ts from 'typescript';
import { checkCodes } from '../../docs/generate/check-codes';

const SOURCE = `
const one = { code: 'ONE', holds: 'h', run: () => [{ seen: 'within' }, common(here)] };
const other = { code: 'OTHER', holds: 'h', run: (facts) => [common(facts.only), { one: 1 }] };
const here = () => ({ seen: 'deeper' });
function common(what) { return { seen: 'for both' }; }
const only = { seen: 'the property has its name' };
export function plans() { return [one, { seen: 'of no check' }]; }
`;

test('a text belongs to the checks that have it within, or come to it', () => {
  const tree = ts.createSourceFile('checks.ts', SOURCE, ts.ScriptTarget.ES2022, true);
  const codesOf = checkCodes(tree);
  const found: Record<string, string[]> = {};
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && node.parent.getText().startsWith('seen')) found[node.text] = codesOf(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  expect(found).toEqual({
    within: ['ONE'],
    deeper: ['ONE'],
    'for both': ['ONE', 'OTHER'],
    'the property has its name': [],
    'of no check': [],
  });
});
