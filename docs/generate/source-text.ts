import ts from 'typescript';
import { choice } from './choices';

/** Renders expressions of one source file as the texts that a person will read, with `<name>` for what varies; see choices.ts. */
export class SourceText {
  /** What the functions of the file return, each in the order of its return statements. */
  private readonly returns = new Map<string, ts.Expression[]>();

  constructor(tree: ts.SourceFile) {
    for (const statement of tree.statements)
      if (ts.isFunctionDeclaration(statement) && statement.name && statement.body)
        this.returns.set(statement.name.text, returnedIn(statement.body));
  }

  /** The value of a constant, looked for in the blocks around the place where it is used. */
  private valueOf(name: ts.Identifier): ts.Expression | undefined {
    for (let scope: ts.Node | undefined = name.parent; scope !== undefined; scope = scope.parent) {
      if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
      const declarations = scope.statements
        .filter(ts.isVariableStatement)
        .flatMap((one) => [...one.declarationList.declarations]);
      const found = declarations.find((one) => ts.isIdentifier(one.name) && one.name.text === name.text);
      if (found?.initializer !== undefined) return found.initializer;
    }
    return undefined;
  }

  /** The properties of an object literal, those of spread constants of the same file included. */
  properties(node: ts.ObjectLiteralExpression): Map<string, ts.Expression> {
    const found = new Map<string, ts.Expression>();
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property) && ts.isIdentifier(property.expression)) {
        const spread = this.valueOf(property.expression);
        if (spread && ts.isObjectLiteralExpression(spread))
          this.properties(spread).forEach((value, key) => found.set(key, value));
      }
      if (ts.isPropertyAssignment(property)) found.set(property.name.getText(), property.initializer);
      if (ts.isShorthandPropertyAssignment(property)) found.set(property.name.text, property.name);
    }
    return found;
  }

  render(node: ts.Expression, depth = 0): string {
    const inner = (child: ts.Expression) => this.render(child, depth + 1);
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node)) {
      return (
        node.head.text +
        node.templateSpans.map((span) => this.placeholder(span.expression, depth) + span.literal.text).join('')
      );
    }
    if (ts.isConditionalExpression(node)) return choice([inner(node.whenTrue), inner(node.whenFalse)]);
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return inner(node.body);
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'trim'
    ) {
      return inner(node.expression.expression);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return inner(node.left) + inner(node.right);
    return this.placeholder(node, depth);
  }

  private placeholder(node: ts.Expression, depth: number): string {
    const known = ts.isIdentifier(node) ? this.valueOf(node) : undefined;
    if (known !== undefined && depth < 4 && isText(known)) return this.render(known, depth + 1);
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
      return this.called(node, node.expression.text, depth);
    if (ts.isConditionalExpression(node)) return this.render(node, depth);
    if (ts.isBinaryExpression(node)) return this.placeholder(node.left, depth);
    return `<${nameOf(node)}>`;
  }

  private called(node: ts.CallExpression, name: string, depth: number): string {
    // The one sentence that many errors end with; it is in a file of its own.
    if (name === 'newClone') return 'make a new clone (see [a new clone](../README.md#a-new-clone))';
    const results = (this.returns.get(name) ?? []).filter(isText);
    if (results.length > 0 && depth < 4) return choice(results.map((result) => this.render(result, depth + 1)));
    const [first] = node.arguments;
    return first === undefined ? `<${name}>` : `<${nameOf(first)}>`;
  }
}

/** Not what the functions within it return. */
function returnedIn(node: ts.Node): ts.Expression[] {
  const found: ts.Expression[] = [];
  ts.forEachChild(node, (child) => {
    if (ts.isReturnStatement(child) && child.expression) found.push(child.expression);
    else if (!ts.isFunctionLike(child)) found.push(...returnedIn(child));
  });
  return found;
}

function isText(node: ts.Expression): boolean {
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return isText(node.body);
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isConditionalExpression(node);
}

/** `of.stream.slot` and `nameOf(slot)` are both about the slot. */
function nameOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) {
    const own = node.name.text;
    return ['name', 'length', 'message', 'text'].includes(own) ? nameOf(node.expression) : own;
  }
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
    return nameOf(node.expression);
  if (ts.isBinaryExpression(node)) return nameOf(node.left);
  if (ts.isAwaitExpression(node)) return nameOf(node.expression);
  if (ts.isCallExpression(node)) {
    const method = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : undefined;
    // JSON.stringify(x), String(x), Math.round(x): about x.
    if (method !== undefined && !/^(JSON|Math)$/.test(method.getText())) return nameOf(method);
    return node.arguments[0] === undefined ? '…' : nameOf(node.arguments[0]);
  }
  return ts.isElementAccessExpression(node) ? nameOf(node.expression) : '…';
}
