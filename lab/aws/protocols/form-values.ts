import { AwsError } from '../aws-error';

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
