import { textWith } from './refined';

export const IDENTIFIERS =
  'RDS takes 1 to 63 lower case letters, digits and single hyphens, starting with a letter and not ending with a hyphen.';

/** What RDS calls a cluster, an instance or a subnet group by. */
export function identifier(maximum: number, description: string) {
  const pattern = `^(?=.{1,${maximum}}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$`;
  const accepts = (value: string) => new RegExp(pattern).test(value);
  const seen = (value: string) => `"${value}" is not an identifier that RDS accepts here.`;
  const next = `Use such a name of at most ${maximum} characters, as in shop-production.`;
  return textWith([{ code: 'BAD_IDENTIFIER', why: IDENTIFIERS, accepts, seen, next }], { description, pattern });
}
