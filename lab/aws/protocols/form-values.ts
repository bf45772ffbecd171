import { AwsError } from '../aws-error';
import { formList } from './query';

export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '')
    throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  return value;
}

/** The marker is opaque to callers; here it is the number of rows already seen. */
export function paginate<T>(
  rows: readonly T[],
  form: URLSearchParams,
): { page: readonly T[]; marker: string | undefined } {
  const size = Number(form.get('MaxRecords') ?? 100);
  const start = Number(form.get('Marker') ?? 0);
  const end = start + size;
  return { page: rows.slice(start, end), marker: end < rows.length ? String(end) : undefined };
}

/** The values of a filter of EC2: `Filter.1.Name`, `Filter.1.Value.1` and so on. */
export function filtersOf(form: URLSearchParams, name: string): string[] {
  for (let index = 1; form.has(`Filter.${index}.Name`); index += 1)
    if (form.get(`Filter.${index}.Name`) === name) return formList(form, `Filter.${index}.Value`);
  throw new AwsError('InvalidParameterValue', `The lab looks up by the filter ${name} alone.`);
}
