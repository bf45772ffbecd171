/**
 * Text from an environment file as it is to stand in Terraform's JSON, where
 * `${` and `%{` would begin an expression: a table may be called that, and no
 * file should be able to smuggle one in. Keys stay as they are.
 */
export function literals<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/([$%])\{/g, '$1$1{') as T;
  if (Array.isArray(value)) return value.map((item: unknown) => literals(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literals<unknown>(item)])) as T;
}
