/*
 * Comments as obj_description() gives them. That is a function in SQL with a query of its own, which the server plans anew
 * in each query of each session that has it, and starts for each row.
 */

/** Of pg_class `c`. */
export const tableCommentSql = (): string =>
  `(SELECT description FROM pg_description WHERE objoid = c.oid AND classoid = 'pg_class'::regclass AND objsubid = 0)`;

/** Of pg_publication `p`. */
export const publicationCommentSql = (): string =>
  `(SELECT description FROM pg_description WHERE objoid = p.oid AND classoid = 'pg_publication'::regclass AND objsubid = 0)`;

/** Of pg_subscription `s`. */
export const subscriptionCommentSql = (): string =>
  `(SELECT description FROM pg_description WHERE objoid = s.oid AND classoid = 'pg_subscription'::regclass AND objsubid = 0)`;
