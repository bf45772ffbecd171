/**
 * Names under which the server of one session keeps statements that it is asked again:
 * https://www.postgresql.org/docs/current/sql-prepare.html
 */
export class RepeatedStatements {
  private readonly names = new Map<string, string>();

  /** None for BEGIN, SET and the like: there is nothing to plan. */
  nameOf(sql: string): string | undefined {
    if (!/^\s*(SELECT|WITH)\b/.test(sql)) return undefined;
    const name = this.names.get(sql) ?? `repeated_${this.names.size + 1}`;
    this.names.set(sql, name);
    return name;
  }
}
