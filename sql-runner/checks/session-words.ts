import { shortQuery } from '../postgres/text/short-query';

interface Doing {
  readonly state: string | null;
  /** Its current or last statement; null: the login may not see it. */
  readonly statement: string | null;
}

/** `, idle in transaction, last statement: UPDATE orders SET n = …`; nothing of what the login may not see. */
export function doing({ state, statement }: Doing): string {
  const short = statement === null ? '' : shortQuery(statement);
  const told = [
    state === null || state === '' ? null : state,
    short === '' ? null : `${state === 'active' ? 'statement' : 'last statement'}: ${short}`,
  ].filter((one) => one !== null);
  return told.map((one) => `, ${one}`).join('');
}

export const openFor = (ageSeconds: number | null): string =>
  ageSeconds === null ? '' : `, its transaction open for ${Math.round(ageSeconds)} s`;
