/**
 * The direction of imports. `npm run imports` checks it.
 * Type-only imports vanish at run time; where a rule is about I/O they are allowed.
 */
const atRunTime = { dependencyTypesNot: ['type-only'] };
const IO = '^(fs|node:fs|fs/promises|node:fs/promises|child_process|node:child_process)$|^node_modules/(pg|@aws-sdk)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea in two places.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: atRunTime },
    },
    {
      name: 'stacks-not-to-sql-runner',
      comment: 'The stacks know nothing of what reads their outputs.',
      severity: 'error',
      from: { path: '^(stacks|main\\.ts)' },
      to: { path: '^sql-runner/' },
    },
    {
      name: 'sql-runner-not-to-stacks',
      comment: 'sql-runner knows the contract, not how it came about.',
      severity: 'error',
      from: { path: '^sql-runner/' },
      to: { path: '^(stacks/|main\\.ts)', pathNot: '^stacks/contract\\.ts$' },
    },
    {
      name: 'contract-without-cdktf',
      comment: 'Both halves share the contract, so it imports nothing but zod.',
      severity: 'error',
      from: { path: '^stacks/contract\\.ts$' },
      to: { pathNot: '^node_modules/zod/' },
    },
    {
      name: 'sql-runner-without-cdktf',
      severity: 'error',
      from: { path: '^sql-runner/' },
      to: { path: '^node_modules/(cdktf|@cdktf|constructs)/' },
    },
    {
      name: 'environments-stand-alone',
      comment: 'Both halves read environments/, so it reads neither.',
      severity: 'error',
      from: { path: '^environments/' },
      to: { path: '^(stacks|sql-runner|lab)/' },
    },
    {
      name: 'planning-is-pure',
      comment: 'Planning is a function of what was observed: no database, no AWS, no files.',
      severity: 'error',
      from: { path: '^sql-runner/(resources/|checks/|engine/plan(-apply|-teardown)?\\.ts$|engine/fingerprint\\.ts$)' },
      to: { path: IO, ...atRunTime },
    },
    {
      name: 'planning-reaches-no-io',
      comment: 'Nor by way of another file of ours.',
      severity: 'error',
      from: { path: '^sql-runner/(resources/|checks/|engine/plan(-apply|-teardown)?\\.ts$|engine/fingerprint\\.ts$)' },
      to: { path: '^sql-runner/(aws|commands|inputs|render|postgres/(catalog/|session|tls))', ...atRunTime },
    },
    {
      name: 'lab-stays-outside',
      comment: 'The stand-in is for tests and the demo; the product does not know it.',
      severity: 'error',
      from: { pathNot: '^(lab|test|bench)/' },
      to: { path: '^lab/' },
    },
    {
      name: 'lab-knows-little-of-the-product',
      comment: 'What stands in for AWS must not borrow the code it is there to test.',
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^(sql-runner/|stacks/)', pathNot: '^sql-runner/postgres/quoting\\.ts$' },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      from: { path: '^(environments|stacks|sql-runner|lab|test|docs|bench)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'product-without-dev-packages',
      severity: 'error',
      from: { path: '^(environments|stacks|sql-runner|main\\.ts)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdktf\\.out|node_modules/\\.)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
  },
};
