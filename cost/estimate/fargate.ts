import { HOURS } from './aurora';
import { metered, untreated, usage } from './charge';
import { referredTo } from './resources';
import type { Treatment } from './treatment';

/** "You pay for the amount of vCPU, memory, and storage resources consumed by your containerized applications." */
export const USED = 'https://aws.amazon.com/fargate/pricing/';

/** A task that runs all month; 20 GB of its disk are not billed, and it has no more. */
export const service: Treatment = ({ block }, { prices, all }) => {
  const definition = referredTo(block['task_definition'], all)?.block;
  const platform = [definition?.['runtime_platform']].flat()[0] as Readonly<Record<string, unknown>> | undefined;
  const [units, mebibytes, tasks] = [definition?.['cpu'], definition?.['memory'], block['desired_count']].map(Number);
  if (definition === undefined || !(units! > 0) || !(mebibytes! > 0) || !(tasks! >= 0))
    return [untreated('tasks of a size that the stack does not say')];
  const arm = platform?.['cpu_architecture'] === 'ARM64' ? 'arm-' : '';
  const [cpus, memory] = [(units! / 1024) * tasks!, (mebibytes! / 1024) * tasks!];
  return [
    metered(prices, {
      what: `hours of ${cpus} vCPU`,
      key: { item: `fargate-${arm}vcpu-hour` },
      quantity: [cpus * HOURS, cpus * HOURS],
      look: USED,
    }),
    metered(prices, {
      what: `hours of ${memory} GB`,
      key: { item: `fargate-${arm}gb-hour` },
      quantity: [memory * HOURS, memory * HOURS],
      look: USED,
    }),
  ];
};

/** How long a run takes, nobody knows: that of verify goes with the data. */
export const schedule: Treatment = () => [
  usage('vCPU and memory while its tasks run', USED),
  usage('invocations of the schedule', 'https://aws.amazon.com/eventbridge/pricing/'),
];
