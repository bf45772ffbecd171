const { returnsOf, safety } = require('./safe-sql-expression.cjs');

/**
 * SQL text may only be built from what cannot change its meaning: constants,
 * and values that went through a quoting function. Whatever the rule cannot
 * follow is refused. It looks at all that is or becomes SQL:
 * - what `.query(…)` is called with,
 * - properties `sql` and `text`, and those that end in `Sql`,
 * - what functions and constants return or hold whose names end in `Sql`; in
 *   turn these may be used in other files.
 * `.query` must be called where it is named, or its calls could not be seen.
 */
const SQL_NAME = /(Sql|_SQL)$/;
const SQL_PROPERTY = /^(sql|text)$|Sql$/;

const safeSql = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unquoted: 'Quote what goes into SQL: quoteIdent(…) or quoteLiteral(…); or bind it as a parameter.',
      alias: 'Call .query where it is named: what an alias of it is called with cannot be checked.',
    },
  },
  create(context) {
    const { unsafePart } = safety(context.sourceCode);
    const check = (node) => {
      if (node?.type === 'ObjectExpression') return; // its properties are looked at on their own
      const part = node == null ? undefined : unsafePart(node);
      if (part !== undefined) context.report({ node: part, messageId: 'unquoted' });
    };
    const checkFunction = (name, node) => {
      if (SQL_NAME.test(name ?? '')) for (const value of returnsOf(node)) check(value);
    };
    return {
      CallExpression: (node) => {
        if (nameOf(node.callee) === 'query') check(node.arguments[0]);
      },
      MemberExpression: (node) => {
        const called = node.parent.type === 'CallExpression' && node.parent.callee === node;
        if (nameOf(node) === 'query' && !called) context.report({ node, messageId: 'alias' });
      },
      Property: (node) => {
        const name = keyOf(node);
        if (node.parent.type === 'ObjectPattern') {
          if (name === 'query') context.report({ node, messageId: 'alias' });
        } else if (SQL_PROPERTY.test(name ?? '') && !isFunction(node.value)) check(node.value);
        else checkFunction(name, node.value);
      },
      AssignmentExpression: (node) => {
        const name = node.left.type === 'Identifier' ? node.left.name : nameOf(node.left);
        if (SQL_PROPERTY.test(name ?? '') || SQL_NAME.test(name ?? '')) check(node.right);
      },
      VariableDeclarator: (node) => {
        if (!SQL_NAME.test(node.id.name ?? '')) return;
        if (isFunction(node.init)) checkFunction(node.id.name, node.init);
        else check(node.init);
      },
      FunctionDeclaration: (node) => checkFunction(node.id?.name, node),
      MethodDefinition: (node) => checkFunction(keyOf(node), node.value),
    };
  },
};

function isFunction(node) {
  return node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression';
}

module.exports = { safeSql };

/** `a.query`, `a?.query` and `a['query']` alike. */
function nameOf(node) {
  return node.type === 'MemberExpression' ? keyOf({ key: node.property, computed: node.computed }) : undefined;
}

function keyOf({ key, computed }) {
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0].value.cooked;
  return computed ? undefined : key.name;
}
