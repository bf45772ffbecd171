import type { LiveView } from '../actions/live';
import type { Change } from '../past/changes';
import type { Standing } from '../past/standing';
import { AtMost } from './at-most';
import { lookEvent, standingEvent, streamEvent, type ServeEvent } from './event';

/** A state that flaps is told so often a minute, of each stream. */
const PER_MINUTE = 6;

/** Makes events of changes: the first says where everything stands. */
export class Telling {
  private begun = false;
  private readonly rate = new AtMost<Change>(PER_MINUTE);
  private readonly told = new Map<string, Standing>();

  constructor(
    private readonly environment: string,
    private readonly send: (event: ServeEvent) => void,
  ) {}

  note(view: LiveView, changes: readonly Change[], at: number): void {
    if (!this.begun) return this.begin(view, changes, at);
    for (const change of changes) {
      const passed = this.rate.offer(change.kind === 'look' ? '' : change.slot, change, at);
      if (passed !== null) this.tell(passed.value, passed.heldBack);
    }
  }

  /** Sends what was held back and may go now. */
  again(at: number): void {
    for (const { value, heldBack } of this.rate.due(at)) this.tell(value, heldBack);
  }

  private begin(view: LiveView, changes: readonly Change[], at: number): void {
    if (view.looks.seen + view.looks.unseen === 0) return;
    this.begun = true;
    for (const change of changes) if (change.kind === 'stream') this.told.set(change.slot, change.now);
    this.send(standingEvent(view, at));
  }

  private tell(change: Change, heldBack: number): void {
    if (change.kind === 'look') return this.send(lookEvent(this.environment, change, heldBack));
    const before = this.told.get(change.slot) ?? null;
    this.told.set(change.slot, change.now);
    this.send(streamEvent(this.environment, change, before, heldBack));
  }
}
