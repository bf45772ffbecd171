import { setTimeout as pause } from 'node:timers/promises';
import type { LiveView } from '../actions/live';

const OFTEN_MS = 500;

/**
 * Hands over each view that differs from the one before: a new look, and that none comes any more. It asks what is in
 * memory, so it may ask often.
 */
export class Follow {
  private last: string | null = null;

  constructor(
    private readonly view: () => LiveView,
    private readonly told: (view: LiveView, at: number) => void,
    private readonly always: (at: number) => void = () => undefined,
  ) {}

  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      this.once();
      await pause(OFTEN_MS);
    }
  }

  once(at = Date.now()): void {
    const view = this.view();
    const { looks, unseen } = view;
    const now = `${looks.seen} ${looks.unseen} ${unseen?.code ?? ''}`;
    if (now !== this.last) this.told(view, at);
    this.last = now;
    this.always(at);
  }
}
