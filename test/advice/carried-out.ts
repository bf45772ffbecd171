import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { AdviceKind } from '../../docs/generate/advice';

/** The functions of test/sql-runner/checks/printed-fix.ts that carry out, and hand over what is to be done. */
const KINDS: Readonly<Record<string, AdviceKind>> = {
  carryOut: 'sql',
  carryOutInTurn: 'sql',
  printedSetting: 'setting',
  printedAwsCommand: 'aws',
  printedRun: 'sql-runner',
  printedDeploy: 'cdktf',
  printedNewClone: 'new-clone',
};
const TESTS = join(__dirname, '..');
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
export const STARTS_A_SERVER =
  /\b(startTestCluster|startSurveyedCluster|startFollowedCluster|startLab|DirectLab\.start|ConnectedPair\.start|BrokenWorld\.\w+|demoLab|cloneOf|startReplicatedPair|startDriftingPair|NewTableWorld\.start|RolesWorld\.start|LargeObjectSides\.start)\(/;

/** `CODE kind` of every advice that a test on a real server carries out as it is printed. */
export function carriedOut(): Set<string> {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const tests = files.map((file) => join(TESTS, file)).filter((file) => !file.startsWith(__dirname));
  return new Set(tests.filter(hasServer).flatMap(callsIn));
}

/** The file itself or, for the table of a test, the test beside it that imports it. */
function hasServer(file: string): boolean {
  const own = readFileSync(file, 'utf8');
  if (!/printed-fix'/.test(own)) return false;
  const imported = [...own.matchAll(/from '(\.[\w./-]+)'/g)].map(([, path]) => join(dirname(file), `${path}.ts`));
  const texts = [own, ...imported.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'))];
  return texts.some((text) => STARTS_A_SERVER.test(text));
}

function callsIn(file: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const kind = KINDS[node.expression.text];
      const code = node.arguments.at(-1);
      if (kind !== undefined && code !== undefined)
        found.push(...codesOf(code, tree).map((one) => `${kind === 'new-clone' ? 'any' : one} ${kind}`));
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** A code that is written out; for a name, those of the table that the call is repeated for. */
function codesOf(node: ts.Expression, tree: ts.SourceFile): string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  if (!ts.isIdentifier(node)) return [];
  const codes: string[] = [];
  for (let parent: ts.Node = node; parent !== tree; parent = parent.parent) {
    if (ts.isForOfStatement(parent)) codes.push(...literalsIn(parent.expression, tree));
    if (ts.isCallExpression(parent) && ts.isCallExpression(parent.expression)) {
      const { expression, arguments: tables } = parent.expression;
      if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'each')
        codes.push(...tables.flatMap((table) => literalsIn(table, tree)));
    }
  }
  return codes;
}

function literalsIn(node: ts.Node, tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isStringLiteral(child) && CODE.test(child.text)) found.push(child.text);
    if (ts.isIdentifier(child)) found.push(...literalsOfConstant(child.text, tree));
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function literalsOfConstant(name: string, tree: ts.SourceFile): string[] {
  const declarations = tree.statements
    .filter(ts.isVariableStatement)
    .flatMap((one) => [...one.declarationList.declarations]);
  const own = declarations.find((one) => ts.isIdentifier(one.name) && one.name.text === name);
  return own?.initializer === undefined ? [] : literalsIn(own.initializer, tree);
}
