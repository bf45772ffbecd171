/**
 * Two kinds of mutants that Stryker does not have, and that a safety check most
 * often is: one element of a list (a guard, a finding, a check) taken out, and
 * one call that refuses or waits taken out. Stryker has no hook for mutators;
 * these join its list of them, which works because versions are exact.
 */
const elementRemoval = {
  name: 'ElementRemoval',
  *mutate(path) {
    if (!path.isArrayExpression() || path.node.elements.length < 2) return;
    for (const [index] of path.node.elements.entries()) {
      yield { type: 'ArrayExpression', elements: path.node.elements.filter((_, other) => other !== index) };
    }
  },
};

const callRemoval = {
  name: 'CallRemoval',
  *mutate(path) {
    if (!path.isExpressionStatement()) return;
    const { expression } = path.node;
    const called = expression.type === 'AwaitExpression' ? expression.argument : expression;
    if (called.type === 'CallExpression') yield { type: 'BlockStatement', body: [], directives: [] };
  },
};

export async function addRemovals() {
  const inside = new URL('mutators/mutate.js', import.meta.resolve('@stryker-mutator/instrumenter'));
  const { allMutators } = await import(inside.href);
  allMutators.push(elementRemoval, callRemoval);
}
