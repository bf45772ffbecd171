/** Why a table is not added. Nothing of it stops what is planned for others: it is left as it is, and told. */
export type Doubt = { readonly seen: string; readonly why: string; readonly next: string };

export const UNTIL_THEN = 'no change of it reaches the clone until then';
