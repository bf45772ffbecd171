import { shortQuery } from '../postgres/text/short-query';

interface Doing {
  readonly state: string | null;
  /** Its current or last statement; null: the login may not see it. */
  readonly query: string | null;
}

/** `, idle in transaction, last statement: UPDATE orders SET n = …`; nothing of what the login may not see. */
export function doing({ state, query }: Doing): string {
  const statement = query === null ? '' : shortQuery(query);
  const told = [
    state === null || state === '' ? null : state,
    statement === '' ? null : `${state === 'active' ? 'statement' : 'last statement'}: ${statement}`,
  ].filter((one) => one !== null);
  return told.map((one) => `, ${one}`).join('');
}

export const openFor = (ageSeconds: number | null): string =>
  ageSeconds === null ? '' : `, its transaction open for ${Math.round(ageSeconds)} s`;
