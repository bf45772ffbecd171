/**
 * SQL text may only be built from what cannot change its meaning: constants,
 * and values that went through a quoting function. The rule looks at templates
 * that are handed to `.query(…)` or stand in a `sql:` or `text:` property, and
 * follows names to the place in the same file where they get their value.
 */
const QUOTING = /^(quote[A-Z]\w*|escapeIdentifier|escapeLiteral|dollarQuote)$/;

export const safeSql = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { unquoted: 'Quote what goes into SQL: quoteIdent(…) or quoteLiteral(…); or bind it as a parameter.' },
  },
  create(context) {
    const { sourceCode } = context;
    const check = (node) => {
      if (node?.type !== 'TemplateLiteral') return;
      for (const part of node.expressions) {
        if (!isSafe(part, sourceCode, new Set())) context.report({ node: part, messageId: 'unquoted' });
      }
    };
    return {
      "CallExpression[callee.property.name='query']": (node) => check(node.arguments[0]),
      'Property[key.name=/^(sql|text)$/]': (node) => check(node.value),
    };
  },
};

function isSafe(node, sourceCode, seen) {
  const inner = (child) => isSafe(child, sourceCode, seen);
  switch (node.type) {
    case 'Literal':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(inner);
    case 'ConditionalExpression':
      return inner(node.consequent) && inner(node.alternate);
    case 'Identifier':
      return isSafeName(node, sourceCode, seen);
    case 'CallExpression':
      return isSafeCall(node, sourceCode, seen);
    default:
      return false;
  }
}

function isSafeCall({ callee, arguments: args }, sourceCode, seen) {
  if (callee.type === 'Identifier') {
    if (QUOTING.test(callee.name)) return true;
    return args.every(({ type }) => type === 'Literal') || isSafeName(callee, sourceCode, seen);
  }
  // list.map(quoteIdent).join(', ')
  if (callee.property?.name === 'join') return isSafe(callee.object, sourceCode, seen);
  if (callee.property?.name !== 'map') return false;
  const [mapper] = args;
  if (mapper?.type === 'Identifier') return QUOTING.test(mapper.name) || isSafeName(mapper, sourceCode, seen);
  return mapper?.type === 'ArrowFunctionExpression' && isSafe(mapper.body, sourceCode, seen);
}

/** A const, or a function of this file, all of whose values are safe. */
function isSafeName(node, sourceCode, seen) {
  const definition = definitionOf(node, sourceCode.getScope(node));
  if (definition === undefined || seen.has(definition)) return false;
  seen.add(definition);
  if (
    definition.type === 'Variable' &&
    definition.parent.kind === 'const' &&
    definition.node.id.type === 'Identifier'
  ) {
    return definition.node.init !== null && isSafe(definition.node.init, sourceCode, seen);
  }
  if (definition.type !== 'FunctionName') return false;
  const returns = definition.node.body.body.filter(({ type }) => type === 'ReturnStatement');
  return returns.length > 0 && returns.every(({ argument }) => isSafe(argument, sourceCode, seen));
}

function definitionOf(node, scope) {
  for (let at = scope; at !== null; at = at.upper) {
    const variable = at.set.get(node.name);
    if (variable !== undefined) return variable.defs[0];
  }
  return undefined;
}
