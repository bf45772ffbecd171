import { version } from '../../package.json';
import type { StreamStatus } from '../actions/status';
import { positionBytes } from '../actions/slot-figures';
import type { LiveView } from '../actions/live';
import { HEALTH_STATES, isHealthy } from '../model/health';
import type { SequencesSeen } from '../model/sequences';
import type { Pace } from '../model/lag-history';

type Labels = Readonly<Record<string, string>>;

/** One series of `serve`. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  /** Beside `environment`, which all have. */
  readonly labels: string[];
  readonly values: (view: LiveView) => (readonly [Labels, number])[];
}

/** What is said of a stream that could not be looked at. */
const NOT_SEEN = 'not seen';
/** What pg_replication_slots.wal_status may say, and that there is no slot or none was seen. */
const WAL_STATES = ['reserved', 'extended', 'unreserved', 'lost'];

interface Seen {
  readonly status: StreamStatus;
  readonly pace: Pace | null;
}

function seenOf({ sample }: LiveView, slot: string): Seen | null {
  const status = sample?.status.streams.find((stream) => stream.slot === slot);
  return status === undefined ? null : { status, pace: sample!.histories.get(slot)?.pace() ?? null };
}

const known = (value: number | null | undefined): number => value ?? Number.NaN;
const flag = (value: boolean | null | undefined): number => (value == null ? Number.NaN : Number(value));
const seconds = (iso: string | null | undefined): number => (iso == null ? Number.NaN : Date.parse(iso) / 1_000);

const once =
  (value: (view: LiveView) => number, labels: Labels = {}) =>
  (view: LiveView) =>
    [[labels, value(view)]] as const satisfies (readonly [Labels, number])[];

/** A gauge with one value for each stream. */
function ofStream(name: string, help: string, value: (seen: Seen | null) => number): Metric {
  const values = (view: LiveView) =>
    view.streams.map(({ database, slot }) => [{ database, slot }, value(seenOf(view, slot))] as const);
  return { name, help, type: 'gauge', labels: ['database', 'slot'], values };
}

/** As postgres_exporter calls what it reads of a slot, so that its boards and alerts serve for these. */
function ofSlot(name: string, help: string, value: (status: StreamStatus | undefined) => number): Metric {
  const values = (view: LiveView) =>
    view.streams.map(
      ({ slot }) => [{ slot_name: slot, slot_type: 'logical' }, value(seenOf(view, slot)?.status)] as const,
    );
  return { name, help, type: 'gauge', labels: ['slot_name', 'slot_type'], values };
}

/** One value for each word: 1 for what is so, 0 for all others. */
function oneOf(
  words: readonly string[],
  label: string,
  isSo: (word: string) => boolean,
): (readonly [Labels, number])[] {
  return words.map((word) => [{ [label]: word }, Number(isSo(word))] as const);
}

/** What is said of the sequences of each database. */
function ofSequences(name: string, help: string, value: (seen: SequencesSeen) => number): Metric {
  const values = ({ streams, sample }: LiveView) =>
    [...new Set(streams.map(({ database }) => database))].map((database) => {
      const seen = sample?.status.sequences.find((one) => one.database === database);
      return [{ database }, seen === undefined ? Number.NaN : value(seen)] as const;
    });
  return { name, help, type: 'gauge', labels: ['database'], values };
}

const about: readonly Metric[] = [
  {
    name: 'acas_info',
    help: 'The sql-runner that looks.',
    type: 'gauge',
    labels: ['version'],
    values: once(() => 1, { version }),
  },
  {
    name: 'acas_up',
    help: 'Whether the side was seen at the last look. The clone is 0 as well while none is deployed.',
    type: 'gauge',
    labels: ['side'],
    values: ({ sample }) => [
      [{ side: 'source' }, Number(sample !== null)],
      [{ side: 'clone' }, Number(sample?.status.clone === 'deployed')],
    ],
  },
  {
    name: 'acas_last_look_timestamp_seconds',
    help: 'When the streams were last seen; 0: never.',
    type: 'gauge',
    labels: [],
    values: once(({ seenAt }) => (seenAt === null ? 0 : seenAt.getTime() / 1_000)),
  },
  {
    name: 'acas_last_whole_look_timestamp_seconds',
    help: 'When more than the positions was last read.',
    type: 'gauge',
    labels: [],
    values: once(({ sample }) => (sample === null ? Number.NaN : sample.wholeAt.getTime() / 1_000)),
  },
  {
    name: 'acas_outputs_timestamp_seconds',
    help: 'When the outputs of Terraform were last read, which tell where to look: every five minutes, or sooner.',
    type: 'gauge',
    labels: [],
    values: once(({ outputsAt }) => outputsAt.getTime() / 1_000),
  },
  {
    name: 'acas_looks_total',
    help: 'Looks since sql-runner serve was started.',
    type: 'counter',
    labels: ['outcome'],
    values: ({ looks }) => [
      [{ outcome: 'seen' }, looks.seen],
      [{ outcome: 'unseen' }, looks.unseen],
    ],
  },
];

const streams: readonly Metric[] = [
  ofStream(
    'acas_stream_healthy',
    'Whether it was seen to follow, with nothing that speaks against it: as exit code 0 of sql-runner status.',
    (seen) => Number(seen !== null && isHealthy(seen.status)),
  ),
  {
    name: 'acas_stream_state',
    help: 'The state of the stream, as sql-runner status says it: 1 for that, 0 for the others.',
    type: 'gauge',
    labels: ['database', 'slot', 'state'],
    values: (view) =>
      view.streams.flatMap(({ database, slot }) => {
        const state = seenOf(view, slot)?.status.state ?? NOT_SEEN;
        const each = oneOf([...HEALTH_STATES, NOT_SEEN], 'state', (word) => word === state);
        return each.map(([labels, value]) => [{ database, slot, ...labels }, value] as const);
      }),
  },
  ofStream(
    'acas_source_refuses_writes',
    'Whether production refuses UPDATE and DELETE on a table because the stream publishes it.',
    (seen) => flag(seen?.status.problems.some(({ code }) => code === 'SOURCE_REFUSES_WRITES')),
  ),
  ofStream('acas_stream_lag_bytes', 'WAL that the clone has not confirmed.', (seen) => known(seen?.status.lagBytes)),
  ofStream(
    'acas_stream_lag_seconds',
    'Age of the oldest WAL that is not confirmed; older than the first look: its age since then.',
    (seen) => known(seen?.pace?.behindSeconds),
  ),
  ofStream('acas_stream_written_bytes_per_second', 'WAL that the source writes.', (seen) =>
    known(seen?.pace?.writeRate),
  ),
  ofStream('acas_stream_applied_bytes_per_second', 'WAL that the clone confirms.', (seen) =>
    known(seen?.pace?.applyRate),
  ),
  ofStream('acas_stream_catch_up_seconds', 'Until it has caught up, at this pace; NaN: it does not.', (seen) =>
    known(seen?.pace?.etaSeconds),
  ),
  ofStream('acas_stream_last_message_timestamp_seconds', 'When the clone last heard from the source.', (seen) =>
    seconds(seen?.status.lastMessage),
  ),
  ofStream(
    'acas_stream_proven_timestamp_seconds',
    'When the newest beat that has arrived was written: up to then nothing was skipped; NaN: not proven.',
    (seen) => seconds(seen?.status.provenUntil),
  ),
  {
    name: 'acas_stream_beat_timestamp_seconds',
    help: 'When this process wrote the last beat; NaN: none yet, or serve --beat-every 0.',
    type: 'gauge',
    labels: ['database', 'slot'],
    values: ({ streams, sample }) =>
      streams.map(({ database, slot }) => [{ database, slot }, seconds(sample?.beats.get(slot)?.at)] as const),
  },
  ofStream('acas_stream_budget_used_ratio', 'Part of its budget that it has used; NaN: it has none.', (seen) =>
    known(seen?.status.budgetUsed),
  ),
  ofStream('acas_stream_apply_errors', 'Errors that the server of the clone has counted.', (seen) =>
    known(seen?.status.applyErrors),
  ),
  ofStream('acas_stream_tables', 'Tables in its publication.', (seen) => known(seen?.status.tables)),
  ofStream('acas_slot_retained_wal_bytes', 'WAL that the source keeps for the slot.', (seen) =>
    known(seen?.status.retainedBytes),
  ),
];

const sequences: readonly Metric[] = [
  ofSequences(
    'acas_sequences_behind',
    'Sequences of the clone that would hand out values of the source; as old as the last whole look. NaN: not seen, or none.',
    ({ behind }) => behind,
  ),
  ofSequences(
    'acas_sequences_behind_most',
    'Increments that the furthest of them is behind; as old as the last whole look.',
    ({ mostBehind }) => mostBehind ?? 0,
  ),
];

const slots: readonly Metric[] = [
  ofSlot('pg_replication_slot_slot_current_wal_lsn', 'Position up to which the source has written.', (status) =>
    known(positionBytes(status?.writtenLsn ?? null)),
  ),
  ofSlot('pg_replication_slot_slot_confirmed_flush_lsn', 'Position that the clone has confirmed.', (status) =>
    known(positionBytes(status?.confirmedLsn ?? null)),
  ),
  ofSlot('pg_replication_slot_slot_is_active', 'Whether somebody reads the slot.', (status) => flag(status?.slotRead)),
  ofSlot('pg_replication_slot_safe_wal_size_bytes', 'WAL until the slot is lost; NaN: no limit.', (status) =>
    known(status?.safeWalBytes),
  ),
  {
    name: 'pg_replication_slot_wal_status',
    help: 'What the source says of the WAL that the slot needs: 1 for that, 0 for the others.',
    type: 'gauge',
    labels: ['slot_name', 'slot_type', 'wal_status'],
    values: (view) =>
      view.streams.flatMap(({ slot }) => {
        const status = seenOf(view, slot)?.status.walStatus;
        const each = oneOf(WAL_STATES, 'wal_status', (word) => word === status);
        return each.map(([labels, value]) => [{ slot_name: slot, slot_type: 'logical', ...labels }, value] as const);
      }),
  },
];

/** All that `serve` tells, in the order in which it is printed. */
export const METRICS: readonly Metric[] = [...about, ...streams, ...sequences, ...slots];
