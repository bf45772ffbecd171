/**
 * Who looks again and again asks again within minutes. A plan every ten minutes does not: what a session keeps of it, some
 * 7 MB, would be too much of production's memory, where each of many databases has such a session.
 */
const AGAIN_MS = 6 * 60_000;

/**
 * Names under which the server of one session keeps statements that it is asked again:
 * https://www.postgresql.org/docs/current/sql-prepare.html
 */
export class RepeatedStatements {
  private readonly names = new Map<string, string>();
  private readonly asked = new Map<string, number>();

  /** None for BEGIN, SET and the like: there is nothing to plan. */
  nameOf(sql: string): string | undefined {
    if (!/^\s*(SELECT|WITH)\b/.test(sql)) return undefined;
    const name = this.names.get(sql) ?? (this.isAgain(sql) ? `repeated_${this.names.size + 1}` : undefined);
    if (name !== undefined) this.names.set(sql, name);
    return name;
  }

  private isAgain(sql: string): boolean {
    const before = this.asked.get(sql);
    this.asked.set(sql, Date.now());
    return before !== undefined && Date.now() - before <= AGAIN_MS;
  }
}
