/** Names that are trusted, and only when they are imported from where they are defined. */
const QUOTING = /^(quote[A-Z]\w*|escapeIdentifier|escapeLiteral|dollarQuote)$/;
const QUOTING_MODULE = /(^|\/)(quoting|dollar-quote|pg)$/;
/** What other files call so, the rule has looked at there. */
const SQL_NAME = /(Sql|_SQL)$/;
const SAME_ELEMENTS = new Set(['filter', 'slice', 'sort', 'reverse']);

/**
 * Says of an expression whether its value can only be made of constants and
 * quoted values. Names are followed to the place in the same file where they
 * get their value.
 */
function safety(sourceCode) {
  /** @param known parameters of a function that are given safe values by the call that is looked at */
  const isSafe = (node, known, seen) => {
    const inner = (child) => isSafe(child, known, seen);
    switch (node?.type) {
      case 'Literal':
        return true;
      case 'TemplateLiteral':
        return node.expressions.every(inner);
      case 'BinaryExpression':
        return node.operator === '+' && inner(node.left) && inner(node.right);
      case 'LogicalExpression':
        return inner(node.left) && inner(node.right);
      case 'ConditionalExpression':
        return inner(node.consequent) && inner(node.alternate);
      case 'ArrayExpression':
        return node.elements.every((element) => inner(element?.type === 'SpreadElement' ? element.argument : element));
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
        return inner(node.expression);
      case 'MemberExpression':
        return isEntryOfConstant(node, seen) || isPartOfSql(node);
      case 'Identifier':
        return isSafeName(node, known, seen);
      case 'CallExpression':
        return isSafeCall(node, known, seen);
      default:
        return false;
    }
  };

  const definitionOf = (node) => {
    for (let scope = sourceCode.getScope(node); scope !== null; scope = scope.upper) {
      const variable = scope.set.get(node.name);
      if (variable !== undefined) return variable.defs[0];
    }
    return undefined;
  };

  /** A const with a safe value, a parameter that is known to get one, or what another file calls SQL. */
  const isSafeName = (node, known, seen) => {
    const definition = definitionOf(node);
    if (definition === undefined || seen.has(definition)) return false;
    if (definition.type === 'Parameter') return known.has(definition.name);
    if (definition.type === 'ImportBinding') return SQL_NAME.test(importedName(definition));
    const value = constantValue(definition);
    if (value === undefined) return false;
    // Whatever is called so is looked at where it gets its value.
    if (SQL_NAME.test(node.name)) return true;
    return isSafe(value, new Set(), new Set([...seen, definition]));
  };

  /** `KEYWORDS[option]`, of an object in this file whose values are all safe. */
  const isEntryOfConstant = (node, seen) => {
    if (node.object.type !== 'Identifier') return false;
    const definition = definitionOf(node.object);
    const value = definition === undefined ? undefined : unwrapped(constantValue(definition));
    if (value?.type !== 'ObjectExpression') return false;
    return value.properties.every((entry) => entry.type === 'Property' && isSafe(entry.value, new Set(), seen));
  };

  /** `asked.sql`, of what a function of another file calls SQL; that property is looked at there. */
  const isPartOfSql = ({ object, property, computed }) => {
    if (computed || property.name !== 'sql' || object.type !== 'Identifier') return false;
    const definition = definitionOf(object);
    const value = definition === undefined ? undefined : constantValue(definition);
    return value?.type === 'CallExpression' && SQL_NAME.test(value.callee.name ?? '');
  };

  const isSafeCall = ({ callee, arguments: args }, known, seen) => {
    if (callee.type === 'Identifier') return isSafeFunction(callee, args, known, seen);
    if (callee.type !== 'MemberExpression' || callee.computed) return false;
    const [first] = args;
    if (callee.property.name === 'join') return isSafe(callee.object, known, seen) && isSafe(first, known, seen);
    if (SAME_ELEMENTS.has(callee.property.name)) return isSafe(callee.object, known, seen);
    if (callee.property.name !== 'map' && callee.property.name !== 'flatMap') return false;
    // What the elements are does not matter: only what the mapping makes of them.
    if (first?.type === 'Identifier') return isSafeFunction(first, [], known, seen);
    return first?.type === 'ArrowFunctionExpression' && returnsOf(first).every((value) => isSafe(value, known, seen));
  };

  /** A quoting function, what another file calls SQL, or a function of this file whose results are all safe. */
  const isSafeFunction = (name, args, known, seen) => {
    const definition = definitionOf(name);
    if (definition === undefined || seen.has(definition)) return false;
    if (definition.type === 'ImportBinding') {
      const imported = importedName(definition);
      return SQL_NAME.test(imported) || (QUOTING.test(imported) && QUOTING_MODULE.test(definition.parent.source.value));
    }
    const body = definition.type === 'FunctionName' ? definition.node : unwrapped(constantValue(definition));
    if (!/Function/.test(body?.type ?? '')) return false;
    const given = body.params.filter((_, index) => args[index] !== undefined && isSafe(args[index], known, seen));
    const returns = returnsOf(body);
    const visited = new Set([...seen, definition]);
    return returns.length > 0 && returns.every((value) => isSafe(value, new Set(given), visited));
  };

  /** The smallest part of an expression that is not safe; undefined when all of it is. */
  const unsafePart = (node) => {
    if (isSafe(node, new Set(), new Set())) return undefined;
    const parts = node.type === 'TemplateLiteral' ? node.expressions : [];
    return parts.find((part) => !isSafe(part, new Set(), new Set())) ?? node;
  };
  return { unsafePart };
}

module.exports = { safety, returnsOf };

/** Every value that a function can return, those inside branches included and those of inner functions not. */
function returnsOf(node) {
  if (node.body === null || node.body === undefined) return [];
  if (node.body.type !== 'BlockStatement') return [node.body];
  const values = [];
  const visit = (part) => {
    if (part === null || typeof part !== 'object' || typeof part.type !== 'string') return;
    if (part.type === 'ReturnStatement') values.push(part.argument);
    if (/Function/.test(part.type)) return;
    for (const [key, child] of Object.entries(part)) {
      if (key !== 'parent') (Array.isArray(child) ? child : [child]).forEach(visit);
    }
  };
  visit(node.body);
  return values;
}

function importedName({ node }) {
  return node.type === 'ImportSpecifier' ? node.imported.name : '';
}

/** `const name = value`; a value that is taken out of something else is not followed. */
function constantValue({ type, node, parent }) {
  const constant = type === 'Variable' && parent?.kind === 'const' && node.id.type === 'Identifier';
  return constant ? (node.init ?? undefined) : undefined;
}

function unwrapped(node) {
  return /^TS(As|Satisfies|NonNull)Expression$/.test(node?.type ?? '') ? unwrapped(node.expression) : node;
}
