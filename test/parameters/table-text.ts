import type { ServerParameter } from './server-parameters';

const HEAD = `# Parameters of PostgreSQL as its servers describe them in pg_settings, by major version.
# Made by \`npm run parameters\`; a test compares it with a running server.
# Context postmaster is static, every other one dynamic. Numbers are in the unit of their row.
# name\tmajors\tapply type\ttype\tmin\tmax\tunit\tvalues
`;

interface Row {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly text: string;
}

/** The committed table: one row for each run of majors in which a parameter is the same. */
export function tableText(byMajor: ReadonlyMap<number, readonly ServerParameter[]>): string {
  const rows: Row[] = [];
  for (const [major, parameters] of [...byMajor].sort(([one], [other]) => one - other)) {
    for (const { name, applyType, type, min, max, unit, values } of parameters) {
      const text = [applyType, type, min, max, unit, values].join('\t');
      const before = rows.findIndex((row) => row.name === name && row.to === major - 1 && row.text === text);
      if (before < 0) rows.push({ from: major, to: major, name, text });
      else rows[before] = { ...rows[before]!, to: major };
    }
  }
  rows.sort((one, other) => (one.name === other.name ? one.from - other.from : one.name < other.name ? -1 : 1));
  return `${HEAD}${rows.map(({ name, from, to, text }) => `${name}\t${from}-${to}\t${text}\n`).join('')}`;
}
