import type { Finding } from '../../../sql-runner/model/change';

/** Sequences of each kind, and what is asked of them. */

export const SETUP = `
  CREATE SEQUENCE bare; CREATE SEQUENCE downwards INCREMENT -3 CACHE 4; CREATE SEQUENCE small AS smallint MAXVALUE 100;
  CREATE SEQUENCE around MAXVALUE 40 CYCLE;
  CREATE TABLE tickets (id serial PRIMARY KEY, note text); CREATE TABLE letters (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
  CREATE UNLOGGED TABLE fleeting (id serial PRIMARY KEY)`;
export const NAMES = ['bare', 'downwards', 'small', 'tickets_id_seq', 'letters_id_seq'];

/** @throws Error where there is none */
export const one = ({ findings }: { findings: readonly Finding[] }, code: string): Finding => {
  const found = findings.find((finding) => finding.code === code);
  if (found === undefined) throw new Error(`no ${code} among ${findings.map((finding) => finding.code).join(', ')}`);
  return found;
};

/** No value of production is among those of the clone. */
export function expectNoneAgain(there: Record<string, bigint[]>, here: Record<string, bigint[]>): void {
  for (const name of NAMES) {
    const again = new Set(there[name]);
    expect([name, here[name]!.filter((value) => again.has(value))]).toEqual([name, []]);
  }
}
