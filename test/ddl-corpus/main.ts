import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Unit } from '../../sql-runner/migration/statement';
import { Comparison, type Compared } from './compare';
import { corpus, everyNth } from './corpus';

/** Holds what `ddl check` says of each unit of the corpus against what replication does. Exit code 1 below 98 % or for one false "safe". */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      major: { type: 'string', default: '17' },
      every: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      only: { type: 'string', default: '' },
      log: { type: 'string' },
    },
  });
  const all = everyNth(await corpus(), Number(values.every), Number(values.from));
  const units = all.filter(({ statements }) =>
    statements.some(({ file, text }) => `${file} ${text}`.includes(values.only)),
  );
  const comparison = await Comparison.start(Number(values.major));
  const found: Compared[] = [];
  try {
    for (const unit of units) {
      const one = await comparison.compare(unit).catch((error: unknown) => crashed(unit, error));
      found.push(one);
      if (values.log !== undefined) appendFileSync(values.log, `${JSON.stringify(one)}\n`);
      console.log(
        `${one.wrong === null ? 'right' : 'WRONG'}  ${one.said}  ${one.sql.slice(0, 90)}${one.wrong === null ? '' : `\n       ${one.wrong} (${one.seen})`}`,
      );
    }
  } finally {
    await comparison.stop();
  }
  return summary(found);
}

const crashed = (unit: Unit, error: unknown): Compared => ({
  sql: unit.statements.map(({ text }) => text).join('; '),
  said: 'not-judged',
  truth: 'fails',
  order: null,
  seen: '',
  wrong: `the trial itself failed: ${error instanceof Error ? error.message : String(error)}`,
});

function summary(found: readonly Compared[]): number {
  const right = found.filter(({ wrong }) => wrong === null).length;
  const falselySafe = found.filter(
    ({ said, truth, wrong }) => said === 'safe' && (truth !== 'safe' || wrong !== null),
  ).length;
  const share = (100 * right) / found.length;
  console.log(`${right} of ${found.length} right (${share.toFixed(1)} %), ${falselySafe} called safe that are not`);
  return share >= 98 && falselySafe === 0 ? 0 : 1;
}

// Servers of the lab end with a process that exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

void main().then((code) => (process.exitCode = code));
