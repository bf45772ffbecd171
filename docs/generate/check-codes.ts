import ts from 'typescript';

/**
 * A check of doctor has a code, and what it finds has none: the runner gives it that. Tells for any node of a file the
 * codes of the checks that have it within, or come to it by the functions and constants of the file.
 */
export function checkCodes(tree: ts.SourceFile): (node: ts.Node) => string[] {
  const declared = declarationsOf(tree);
  const owners = new Map<ts.Node, Set<string>>();
  const own = (declaration: ts.Node, code: string): void => {
    const codes = owners.get(declaration) ?? new Set();
    const ofOtherCheck = ![code, null].includes(codeOfCheck(declaration));
    if (codes.has(code) || ofOtherCheck) return;
    owners.set(declaration, codes.add(code));
    for (const used of namesIn(declaration)) {
      const other = declared.get(used);
      if (other !== undefined) own(other, code);
    }
  };
  for (const declaration of declared.values()) {
    const code = codeOfCheck(declaration);
    if (code !== null) own(declaration, code);
  }
  return (node) => {
    let around: ts.Node | undefined = node;
    while (around !== undefined && !owners.has(around)) around = around.parent;
    return around === undefined ? [] : [...owners.get(around)!];
  };
}

/** The functions and constants of the file itself, by name. */
function declarationsOf(tree: ts.SourceFile): Map<string, ts.Node> {
  const constants = tree.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations]);
  const named = [...tree.statements.filter(ts.isFunctionDeclaration), ...constants];
  return new Map(named.flatMap((one) => (one.name && ts.isIdentifier(one.name) ? [[one.name.text, one]] : [])));
}

/** Of constants that are a check; null for anything else. */
function codeOfCheck(declaration: ts.Node): string | null {
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  if (value === undefined || !ts.isObjectLiteralExpression(value)) return null;
  const names = value.properties.map(({ name }) => name?.getText());
  if (!names.includes('holds') || !names.includes('run')) return null;
  const code = value.properties.filter(ts.isPropertyAssignment).find(({ name }) => name.getText() === 'code');
  return code && ts.isStringLiteral(code.initializer) ? code.initializer.text : null;
}

/** What a node refers to. The names of properties are those of something else. */
function namesIn(node: ts.Node): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  const names: string[] = [];
  ts.forEachChild(node, (child) => {
    const ofProperty =
      (ts.isPropertyAccessExpression(node) || ts.isPropertyAssignment(node)) && child === node.name
        ? true
        : ts.isBindingElement(node) && child === node.propertyName;
    if (!ofProperty) names.push(...namesIn(child));
  });
  return names;
}
