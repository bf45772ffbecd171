import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const E2E = join(__dirname, '..', 'e2e');
/** What starts a command as a process of its own (lab/demo/toolchain.ts, test/e2e/support), or tells of its plan. */
const STARTERS = [
  'sqlRunner',
  'startSqlRunner',
  'cdktf',
  'printedBy',
  'refused',
  'planOf',
  'record',
  'run',
  'runWhile',
];

/** The words, as far as they are written out, of every command that an end-to-end test runs. */
export function commandRuns(): string[][] {
  const files = readdirSync(E2E, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => runsIn(join(E2E, file)));
}

function runsIn(file: string): string[][] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: string[][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      if (ts.isIdentifier(name) && STARTERS.includes(name.text))
        found.push([...(name.text === 'planOf' ? ['plan'] : []), ...node.arguments.flatMap(wordOf)]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** `...outputs` stands for the files of `--outputs`. */
function wordOf(node: ts.Expression): string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(wordOf);
  return ts.isSpreadElement(node) && node.expression.getText() === 'outputs' ? ['--outputs'] : [];
}
