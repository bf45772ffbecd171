import type { LiveView } from '../actions/live';
import type { RunRecord } from '../model/run-record';
import type { BudgetChange } from '../past/budget-changes';
import type { Change } from '../past/changes';
import type { Standing } from '../past/standing';
import { AtMost } from './at-most';
import { budgetEvent, lookEvent, standingEvent, streamEvent, verificationEvent, type ServeEvent } from './event';

/** A state that flaps is told so often a minute, of each stream; and its budget beside that. */
const PER_MINUTE = 6;

type Told = Change | BudgetChange;

function keyOf(change: Told): string {
  if (change.kind === 'look') return '';
  return change.kind === 'budget' ? `budget ${change.slot}` : change.slot;
}

/** Makes events of changes: the first says where everything stands. */
export class Telling {
  private begun = false;
  private readonly rate = new AtMost<Told>(PER_MINUTE);
  private readonly told = new Map<string, Standing>();

  constructor(
    private readonly environment: string,
    private readonly send: (event: ServeEvent) => void,
  ) {}

  note(view: LiveView, changes: readonly Told[], at: number): void {
    if (!this.begun) return this.begin(view, changes, at);
    for (const change of changes) {
      const passed = this.rate.offer(keyOf(change), change, at);
      if (passed !== null) this.tell(passed.value, passed.heldBack);
    }
  }

  /** Sends what was held back and may go now. */
  again(at: number): void {
    for (const { value, heldBack } of this.rate.due(at)) this.tell(value, heldBack);
  }

  /** A verify that has ended. */
  verified(run: RunRecord, at: number): void {
    this.send(verificationEvent(this.environment, run, at));
  }

  private begin(view: LiveView, changes: readonly Told[], at: number): void {
    if (view.looks.seen + view.looks.unseen === 0) return;
    this.begun = true;
    for (const change of changes) if (change.kind === 'stream') this.told.set(change.slot, change.now);
    this.send(standingEvent(view, at));
    // How a stream stands says what keeps it first, and that need not be what it costs.
    for (const change of changes) if (change.kind === 'budget') this.tell(change, 0);
  }

  private tell(change: Told, heldBack: number): void {
    if (change.kind === 'look') return this.send(lookEvent(this.environment, change, heldBack));
    if (change.kind === 'budget') return this.send(budgetEvent(this.environment, change, heldBack));
    const before = this.told.get(change.slot) ?? null;
    this.told.set(change.slot, change.now);
    this.send(streamEvent(this.environment, change, before, heldBack));
  }
}
