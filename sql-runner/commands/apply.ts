import { exitCode, type ExitKind } from '../../errors/exit-codes';
import { readPlanFile } from '../actions/plan-file';
import type { Plan, PlanMode } from '../model/plan';
import type { TablesWanted } from '../model/renewal';
import type { RowsWanted } from '../model/repair';
import type { SequencesWanted } from '../model/sequences';
import type { LargeObjectsWanted } from '../model/large-objects';
import type { ViewsWanted } from '../model/views';
import { run, type RunOutcome } from '../actions/run';
import { openConnections } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { isPlanFile } from '../inputs/plan-file-or-name';
import { runJson } from '../render/run-json';
import { runText } from '../render/run-text';
import { confirm } from './confirm';
import { interruption } from './interruption';
import { keepingEnd, trailOf } from '../actions/keep-run';
import { jsonLine } from './machine-output';
import { outputFor, type CommonOptions, type Output } from './settings';

export interface ApplyOptions extends CommonOptions {
  readonly autoApprove: boolean;
  readonly allowReboot: boolean;
  /** Seconds. */
  readonly lockTimeout: number;
  /** Seconds; 0 does not wait for the clone to catch up. */
  readonly syncTimeout: number;
  /** A file that keeps the history of runs, beside the clone. */
  readonly historyFile?: string;
  /** Of a run that sets sequences. */
  readonly sequences?: SequencesWanted;
  /** Of a run that refreshes materialized views. */
  readonly views?: ViewsWanted;
  /** Of a run that copies large objects. */
  readonly largeObjects?: LargeObjectsWanted;
  /** Of a run that copies tables anew. */
  readonly tables?: TablesWanted;
  /** Of a run that mends rows. */
  readonly rows?: RowsWanted;
}

/** @param subject an environment, or a file saved by `plan --out` */
export async function apply(subject: string, options: ApplyOptions): Promise<number> {
  const saved = isPlanFile(subject, options.stacksDir) ? await readPlanFile(subject) : null;
  const { sequences = options.sequences, views = options.views } = saved ?? {};
  const { tables = options.tables, rows = options.rows, largeObjects = options.largeObjects } = saved ?? {};
  const wanted = { ...options, sequences, views, largeObjects, tables, rows };
  return carryOut(saved?.environment ?? subject, saved?.mode ?? 'apply', saved, wanted);
}

type Planned = (plan: Plan) => void;

export async function carryOut(
  environment: string,
  mode: PlanMode,
  saved: Plan | null,
  options: ApplyOptions,
  planned: Planned = () => undefined,
): Promise<number> {
  const output = outputFor(options);
  const contracts = await readContracts({ environment, ...options });
  const trail = trailOf(contracts, mode, options.historyFile, output.log);
  const stop = interruption(output.log, {
    last: (code) => trail.ended({ outcome: 'interrupted', code: null, exitCode: code }),
  });
  const tell = options.json ? runJson((event) => output.out(jsonLine(event))) : runText(output.out, output.style);
  const carried = async () => {
    const outcome = await run(openConnections, contracts, {
      mode,
      saved,
      allowReboot: options.allowReboot,
      ...(options.sequences === undefined ? {} : { sequences: options.sequences }),
      ...(options.views === undefined ? {} : { views: options.views }),
      ...(options.largeObjects === undefined ? {} : { largeObjects: options.largeObjects }),
      ...(options.tables === undefined ? {} : { tables: options.tables }),
      ...(options.rows === undefined ? {} : { rows: options.rows }),
      confirm: () => (options.autoApprove ? Promise.resolve(true) : confirm(mode)),
      lockTimeoutMs: options.lockTimeout * 1000,
      syncTimeoutMs: options.syncTimeout * 1000,
      interrupted: stop.requested,
      listener: (event) => {
        // Up to here it has only read, and perhaps waited for another run.
        if (event.type === 'planned') {
          stop.begin();
          planned(event.plan);
        }
        if (event.type === 'change-started') stop.now(event.change.id);
        if (event.type === 'change-finished') stop.now(null);
        trail.event(event);
        tell(event);
      },
      trail,
    });
    return { outcome, exitCode: report(outcome, options, output) };
  };
  try {
    return await keepingEnd(trail, carried);
  } finally {
    stop.release();
  }
}

const EXITS = {
  applied: 'done',
  'nothing-to-do': 'done',
  declined: 'error',
  interrupted: 'error',
  'stopped-waiting': 'notInSync',
} as const satisfies Record<RunOutcome, ExitKind>;

function report(outcome: RunOutcome, options: ApplyOptions, output: Output): number {
  if (options.json) output.out(jsonLine({ type: 'outcome', outcome }));
  if (outcome === 'declined') output.log('Nothing was changed.');
  return exitCode(EXITS[outcome]);
}
