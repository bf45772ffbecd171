import type { Side } from '../../contract/contract';
import { parseSize } from '../../contract/size';
import { environmentJsonSchema } from '../../environments/json-schema';
import { environmentSchema, type Environment } from '../../environments/schema';
import { committed, synthesize } from './synthesized';

/** Where alarms are raised, in the words of the settings and in the JSON. */

const demo = committed('demo');
const watched = (monitoring: object, more: object = {}): Environment =>
  environmentSchema.parse({ ...demo, ...more, monitoring });
const alarms = (environment: Environment, side: Side): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  synthesize(environment)[side].resource['aws_cloudwatch_metric_alarm']!;
const SLOTS = ['slot_disk', 'slot_lag', 'wal_disk'].map((name) => `monitoring_alarm_${name}`);

test.each(['alarm', 'release'])('with a budget and onBudget %s the alarm comes before it is used up', (onBudget) => {
  const made = alarms(watched({}, { budget: { bytes: '100GB' }, onBudget }), 'source');
  for (const name of SLOTS) expect(made[name]).toMatchObject({ threshold: 80e9, evaluation_periods: 5, period: 60 });
});

test('without a budget of bytes there is a limit all the same, and one that is stated counts', () => {
  for (const [environment, threshold] of [
    [watched({}), parseSize('50GB')],
    [watched({}, { budget: { hours: 3 } }), parseSize('50GB')],
    [watched({ keptWal: '7GB' }, { budget: { bytes: '100GB' } }), parseSize('7GB')],
  ] as const)
    for (const name of SLOTS) expect(alarms(environment, 'source')[name]).toMatchObject({ threshold });
});

/** By the setting that it is of; CloudWatch compares with the threshold itself left out. */
const OPERATORS: Readonly<Record<string, string>> = {
  keptWal: 'GreaterThanThreshold',
  transactionIds: 'GreaterThanThreshold',
  cpuPercent: 'GreaterThanThreshold',
  freeMemory: 'LessThanThreshold',
  heartbeatSeconds: 'GreaterThanThreshold',
};
const ALARMS: Readonly<Record<string, readonly [string, Side]>> = {
  keptWal: ['monitoring_alarm_slot_disk', 'source'],
  transactionIds: ['monitoring_alarm_transaction_ids', 'source'],
  cpuPercent: ['monitoring_alarm_cpu', 'source'],
  freeMemory: ['monitoring_alarm_memory', 'source'],
  heartbeatSeconds: ['monitoring_alarm_heartbeat', 'target'],
};

interface Described {
  readonly properties: Readonly<Record<string, Described>>;
  readonly description: string;
}

test('each limit is described as CloudWatch compares it', () => {
  const { properties } = (JSON.parse(environmentJsonSchema()) as Described).properties['monitoring']!;
  const limits = Object.entries(properties).filter(([name]) => !name.endsWith('TopicArn'));
  expect(limits.map(([name]) => name).sort()).toEqual(Object.keys(OPERATORS).sort());
  const environment = watched({ heartbeatSeconds: 300 });
  for (const [name, { description }] of limits) {
    const [alarm, side] = ALARMS[name]!;
    expect(alarms(environment, side)[alarm]).toMatchObject({ comparison_operator: OPERATORS[name] });
    expect(description).toContain(OPERATORS[name] === 'LessThanThreshold' ? 'below which' : 'above which');
    expect(description).not.toMatch(/from which/);
  }
});
