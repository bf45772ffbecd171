/**
 * What is carried out on the clone, by its command tag. Whatever is not here stops the stream before it.
 *
 * Of commands by which no row changes, and without which none is refused, a failure is noted and the stream goes on: a
 * role that the clone lacks must not stop rows.
 */
export const ALLOWED: readonly { readonly tag: string; readonly mayFail?: true }[] = [
  ...each(
    ['CREATE', 'ALTER', 'DROP'],
    ['TABLE', 'INDEX', 'SEQUENCE', 'VIEW', 'MATERIALIZED VIEW', 'TYPE', 'DOMAIN', 'SCHEMA'],
  ),
  ...each(['CREATE', 'ALTER', 'DROP'], ['FUNCTION', 'PROCEDURE', 'AGGREGATE', 'COLLATION']),
  { tag: 'CREATE TABLE AS' },
  ...[
    ...each(['CREATE', 'ALTER', 'DROP'], ['TRIGGER', 'RULE', 'POLICY', 'STATISTICS']),
    { tag: 'COMMENT' },
    { tag: 'GRANT' },
    { tag: 'REVOKE' },
    { tag: 'ALTER DEFAULT PRIVILEGES' },
  ].map(({ tag }) => ({ tag, mayFail: true as const })),
];

function each(verbs: readonly string[], objects: readonly string[]): { tag: string }[] {
  return objects.flatMap((object) => verbs.map((verb) => ({ tag: `${verb} ${object}` })));
}

/** Nothing of these is to be done on a clone: what they make anew is its own. */
export const NOT_FOR_THE_CLONE: readonly string[] = [
  'REFRESH MATERIALIZED VIEW',
  'REINDEX',
  'CREATE PUBLICATION',
  'ALTER PUBLICATION',
  'DROP PUBLICATION',
  'CREATE SUBSCRIPTION',
  'ALTER SUBSCRIPTION',
  'DROP SUBSCRIPTION',
];

/** By what `bare` shows of a statement that is on the list; see split-function.ts. */
export const REFUSED: readonly { readonly pattern: string; readonly reason: string }[] = [
  {
    pattern: ' enable (?:replica|always) (?:trigger|rule) ',
    reason: 'what it lets fire would fire on the clone too, with the rights of the subscription',
  },
  { pattern: ' row level security', reason: 'the rows that arrive may then be refused on the clone' },
  { pattern: ' as execute ', reason: 'it reads a prepared statement of its own session' },
  { pattern: ' with data$', reason: 'it says that its rows are to be there, which only a copy can bring' },
  { pattern: ' finalize$', reason: 'it ends what another statement began' },
  { pattern: ' begin atomic ', reason: 'a body in this form cannot be told from the statements behind it' },
];
