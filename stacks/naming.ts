/** The family of the parameter groups of a major version. */
export function parameterGroupFamily(majorVersion: number): string {
  return `aurora-postgresql${majorVersion}`;
}
