import tseslint from 'typescript-eslint';
import { safeSql } from './tools/eslint-safe-sql.cjs';

const focusedTests = [
  {
    selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
    message: 'A test that does not run proves nothing: no .only, .skip or .todo.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fdescribe|fit|xdescribe|xit|xtest)$/]',
    message: 'No focused or skipped tests.',
  },
];

export default tseslint.config(
  { ignores: ['node_modules', 'cdktf.out', 'coverage', '.mutants'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', prefer: 'type-imports' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 250 }],
      'no-restricted-syntax': ['error', ...focusedTests],
    },
  },
  {
    // The product talks to production: here no SQL text is built from unquoted values.
    files: ['sql-runner/**/*.ts'],
    // A migration's own statements, which run on scratch servers alone; and what is only shown.
    ignores: [
      'sql-runner/migration/**',
      'sql-runner/rehearsal/**',
      'sql-runner/postgres/scratch-session.ts',
      'sql-runner/commands/ddl-check.ts',
      'sql-runner/render/**',
    ],
    plugins: { local: { rules: { 'safe-sql': safeSql } } },
    rules: { 'local/safe-sql': 'error' },
  },
  {
    // CommonJS that runs before any TypeScript does.
    files: ['**/*.js', '**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
