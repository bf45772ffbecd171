import type { PlanMode } from '../../../sql-runner/model/plan';
import type { Side } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';
import { connectBy } from '../../../lab/connections';
import type { Lab } from '../../../lab/lab';
import { startWriters } from '../../../lab/workload/writers';
import { makePlan, run } from '../../../sql-runner/actions/run';
import { readStatus } from '../../../sql-runner/actions/status';
import { openConnections } from '../../../sql-runner/connections/open';
import { approved } from '../../support/approved';
import { eventually } from '../../support/eventually';
import { compareRows } from './row-comparison';
import type { StackDeploys } from './stack-deploys';

/** An argument that a plan changes, with what it was and what it will be. */
type Changed = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

export interface PlannedResource {
  readonly address: string;
  readonly actions: readonly string[];
  readonly imported: string | undefined;
  readonly changed: Changed;
}

interface PlanJson {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Record<string, unknown> | null;
      readonly after: Record<string, unknown> | null;
      readonly after_unknown: Record<string, unknown>;
      readonly importing?: { readonly id: string };
    };
  }[];
}

/** Both stacks of an environment and sql-runner between them, from nothing to a clone that follows under writers. */
export class WholeWay {
  readonly source = connectBy((database) => this.lab.sourceConnection(database));
  readonly clone = connectBy((database) => this.lab.cloneConnection(database));

  constructor(
    private readonly lab: Lab,
    private readonly deploys: StackDeploys,
    private readonly environment: Environment,
  ) {}

  /** What a deploy of one stack would do, as `terraform show -json` tells it. */
  planned(side: Side, environment = this.environment): PlannedResource[] {
    this.deploys.write(environment);
    const plan = this.deploys.terraform(environment, side, 'plan', '-out=plan', '-input=false');
    if (plan.status !== 0) throw new Error(plan.output);
    const shown = this.deploys.terraform(environment, side, 'show', '-json', 'plan');
    return (JSON.parse(shown.output) as PlanJson).resource_changes.map(({ address, change }) => ({
      address,
      actions: change.actions,
      imported: change.importing?.id,
      changed: changedArguments(change),
    }));
  }

  /** @throws Error where the deploy leaves something to do */
  deploy(side: Side): void {
    this.deploys.deploy(this.environment, side);
    const left = this.deploys.left(this.environment, side);
    if (left !== '') throw new Error(`after its deploy the ${side} stack is not done: ${left}`);
  }

  sqlRunner(mode: PlanMode) {
    return run(openConnections, this.deploys.contracts(this.environment), approved(mode));
  }

  plan(mode: PlanMode = 'apply') {
    return makePlan(openConnections, this.deploys.contracts(this.environment), mode);
  }

  /** All of them stream, as they do but for the moments in which writers are ahead. */
  async streams(): Promise<void> {
    await eventually(async () => {
      const { streams } = await readStatus(openConnections, this.deploys.contracts(this.environment));
      return (
        streams.length === this.environment.databases.length && streams.every(({ state }) => state === 'streaming')
      );
    });
  }

  /**
   * From a deployed source on, with writers that never stop: slots, clone, subscriptions, in sync, and every row compared
   * once they have stopped.
   */
  async follow(): Promise<void> {
    const writers = await startWriters(this.source, { writers: 2 });
    try {
      expect(await this.sqlRunner('apply')).toBe('applied');
      this.deploy('target');
      expect(await this.sqlRunner('apply')).toBe('applied');
      await this.streams();
    } finally {
      expect((await writers.stop()).committed).toBeGreaterThan(0);
    }
    for (const database of ['shop', 'ledger']) {
      await eventually(async () => {
        const { rows, differences } = await compareRows(this.source, this.clone, database);
        return rows > 0 && differences.length === 0;
      });
    }
    for (const side of ['source', 'target'] as const) expect(this.deploys.left(this.environment, side)).toBe('');
  }
}

function changedArguments({
  before,
  after,
  after_unknown: unknown,
}: PlanJson['resource_changes'][number]['change']): Changed {
  const names = Object.keys(after ?? {}).filter(
    (name) =>
      JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null) || unknown[name] === true,
  );
  return Object.fromEntries(names.map((name) => [name, [before?.[name] ?? null, after?.[name] ?? null]]));
}
