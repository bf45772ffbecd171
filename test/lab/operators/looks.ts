import type { OperatorError } from '../../../errors/operator-error';
import { waitUntilCaughtUp } from '../../../lab/demo/comparison';
import { statusText } from '../../../sql-runner/render/status-text';
import { styleFor } from '../../../sql-runner/render/style';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { diagnosisOf, statusOf } from '../../e2e/support/looks';
import { compareRows } from '../../e2e/support/row-comparison';
import { eventually } from '../../support/eventually';

const VERBS = ['status', 'plan', 'doctor'] as const;
type Verb = (typeof VERBS)[number];

const LISTED = VERBS.join('|');
const PROMISED = new RegExp(`((?:${LISTED})(?:(?:, | and )(?:${LISTED}))*): ([A-Z]+(?:_[A-Z]+)+)`, 'g');

/** Which command is said to name which code. */
export function promises(see: readonly string[]): [Verb, string][] {
  return [...see.join(' ').matchAll(PROMISED)].flatMap(([, verbs = '', code = '']) =>
    VERBS.filter((verb) => verbs.includes(verb)).map((verb): [Verb, string] => [verb, code]),
  );
}

/** The promises that are not kept at the moment. */
export async function broken(world: DirectLab, promised: readonly [Verb, string][]): Promise<[Verb, string][]> {
  const code = (error: OperatorError): string => error.code;
  const [status, plan, doctor] = await Promise.all([
    statusOf(world).then((said) => statusText(said, styleFor(process.stdout, true)), code),
    world.plan().then(({ findings }) => findings.map((one) => one.code).join(), code),
    diagnosisOf(world).then(
      ({ results }) => results.flatMap(({ findings }) => findings.map((one) => one.code)).join(),
      code,
    ),
  ]);
  const said = { status, plan, doctor };
  return promised.filter(([verb, wanted]) => !said[verb].includes(wanted));
}

/** The clone has caught up, every row is equal, and sql-runner has nothing to say or to do. */
export async function expectWell(world: DirectLab): Promise<void> {
  await waitUntilCaughtUp(world.source, ['acas_demo_shop', 'acas_demo_ledger']);
  for (const database of ['shop', 'ledger'])
    expect((await compareRows(world.source, world.clone, database)).differences).toEqual([]);
  await eventually(async () => {
    const { changes, findings } = await world.plan();
    return changes.length === 0 && findings.length === 0;
  });
}
