import { hostname, userInfo } from 'node:os';
import { callerArn } from '../aws/caller';
import type { Connections } from '../connections/connections';
import { explain } from '../explain/explain';
import type { EngineEvent } from '../model/events';
import { recorded, recordedEnd, type RunEnd, type RunRecord } from '../model/run-record';
import type { Session } from '../postgres/session';
import { HISTORY_KIND } from '../resources/run-history';
import { LatestKept } from './latest-kept';
import { keepRunInFile } from './trail-file';
import { haveHistory, keepRun } from './trail-table';

const STATEMENT_MS = 5_000;
/** How long the end of a run may wait for what is still to be written of it. */
const PATIENCE_MS = 2_000;

export interface TrailOptions extends Pick<RunRecord, 'run' | 'part' | 'environment' | 'mode' | 'version'> {
  readonly region: string;
  /** null: none was given. */
  readonly file: string | null;
  /** null: none is deployed, and `file` is all there is. */
  readonly clone: string | null;
  /** Says in a line what keeps a run from being kept. */
  readonly say: (line: string) => void;
}

/**
 * Keeps what a run does, on the clone and in a file, beside the run: it waits for nothing of this but a moment at its
 * end, and what goes wrong here is said and harms nothing.
 */
export class RunTrail {
  private record: RunRecord;
  private session: Promise<Session | null> = Promise.resolve(null);
  private readonly places: LatestKept<RunRecord>[] = [];
  private table: LatestKept<RunRecord> | null = null;
  /** This run is taking away the table. */
  private dropping = false;
  private asked: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: TrailOptions) {
    const { run, part, environment, mode, version, file } = options;
    const who = { arn: null, login: null, user: userName(), host: hostname() };
    const began = new Date().toISOString();
    const open = { ended: null, fingerprint: null, changes: [], outcome: null, code: null, exitCode: null };
    this.record = { run, part, environment, mode, version, who, began, ...open };
    if (file !== null) this.places.push(this.keptIn(`in ${file}`, (record) => keepRunInFile(file, record)));
    this.keep(this.record);
  }

  /** Its accounts and databases are opened: from now on it is kept on the clone as well. */
  opened(connections: Connections): void {
    const { file, clone, region } = this.options;
    if (clone !== null) {
      this.session = this.openOn(connections).catch((cause: unknown) => {
        this.say('on the clone', cause);
        return null;
      });
      let ready: Promise<boolean> | null = null;
      const have = (session: Session) => (ready ??= this.have(session));
      this.table = this.keptIn('on the clone', async () => {
        const session = await this.session;
        if (session === null || !(await have(session))) return;
        // As it is by now: the session tells who logged in, which the record did not when it was put.
        await keepRun(session, this.record).catch((cause: unknown) => {
          if (!this.dropping) throw cause;
        });
      });
      this.places.push(this.table);
    }
    if (file === null && clone === null) return;
    this.keep(this.record);
    this.asked = callerArn(region).then((arn) => this.keep({ ...this.record, who: { ...this.record.who, arn } }));
  }

  /** Before the connections end. */
  async closing(): Promise<void> {
    await within(PATIENCE_MS, this.session);
  }

  event(event: EngineEvent): void {
    const after = recorded(this.record, event);
    if (after === this.record) return;
    const isFirst = event.type === 'change-started' && event.index === 0;
    if (isFirst && this.places.length === 0) this.options.say(NOWHERE);
    const isDrop = 'change' in event && event.change.address.kind === HISTORY_KIND;
    this.dropping = isDrop && event.type === 'change-started';
    if (isDrop && event.type === 'change-finished') this.dropped();
    this.keep(after);
  }

  /** Never fails. */
  async ended(end: RunEnd): Promise<void> {
    this.dropping = false;
    if (end.exitCode < 128) await within(PATIENCE_MS, this.asked);
    this.keep(recordedEnd(this.record, end, new Date()));
    const all = Promise.all(this.places.map((place) => place.settled()));
    if (!(await within(PATIENCE_MS, all)))
      this.options.say('The end of this run could not be kept in its history in time.');
    void this.session.then((session) => session?.close()).catch(() => undefined);
  }

  /** What a teardown takes away it does not make first, and who compares makes nothing. */
  private async have(session: Session): Promise<boolean> {
    const { mode, environment } = this.options;
    const found = await haveHistory(session, environment, mode !== 'teardown' && mode !== 'verify');
    if (!found && mode === 'verify') this.options.say(NOT_MADE);
    return found;
  }

  private async openOn(connections: Connections): Promise<Session> {
    const place = await connections.first('target');
    const session = await connections.open(place, false, { statementTimeoutMs: STATEMENT_MS });
    this.keep({ ...this.record, who: { ...this.record.who, login: session.target.user } });
    return session;
  }

  /** By this run itself. */
  private dropped(): void {
    if (this.table !== null) this.places.splice(this.places.indexOf(this.table), 1);
    this.table?.stop();
    if (this.options.file === null) this.options.say(GONE);
  }

  private keep(record: RunRecord): void {
    this.record = record;
    for (const place of this.places) place.put(record);
  }

  private keptIn(where: string, write: (record: RunRecord) => Promise<void>): LatestKept<RunRecord> {
    return new LatestKept(write, (cause) => this.say(where, cause));
  }

  private say(where: string, cause: unknown): void {
    const seen = explain(cause).seen.replace(/\s+/g, ' ');
    this.options.say(`The history of this run is not kept ${where}: ${seen}`);
  }
}

const NOWHERE =
  'The history of this run is kept nowhere, as there is no clone yet; --history-file FILE keeps it in a file.';
const NOT_MADE =
  'This run is not kept on the clone: it has no history of runs yet; the next sql-runner apply makes it.';
const GONE = 'The history of runs was on the clone and is gone with it; --history-file FILE keeps it elsewhere.';

/** @returns whether it was done in time */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  const done = work.then(
    () => true as const,
    () => true as const,
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}

/** In a container the number may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '(unknown)'}`;
  }
}
