/** What Terraform would put out: every expression evaluated, here to a value of the type that the schema wants. */
export function evaluated(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    if (/^\$\{[^{}]+\}$/.test(value)) return key === 'port' ? 5432 : `evaluated ${value.slice(2, -1)}`;
    return value.replaceAll('$${', '${').replaceAll('%%{', '%{');
  }
  if (Array.isArray(value)) return value.map((item) => evaluated(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, evaluated(item, name)]));
}
