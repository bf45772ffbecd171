import { OperatorError } from '../../../errors/operator-error';
import { diagnose } from '../../../sql-runner/actions/doctor';
import { makePlan } from '../../../sql-runner/actions/run';
import { readStatus } from '../../../sql-runner/actions/status';
import { isEqual, verifyEnvironment } from '../../../sql-runner/actions/verify';
import { jsonDocument, jsonLine } from '../../../sql-runner/commands/machine-output';
import { RUN } from '../../../sql-runner/model/run-id';
import { planJson } from '../../../sql-runner/render/run-json';
import { SCHEMAS } from '../../../sql-runner/render/schemas/by-command';
import { errorLine } from '../../../sql-runner/render/schemas/error';
import { answering } from '../support/answering';
import { comparable } from '../support/comparable';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { cloned, following, prepared, untouched } from '../support/observations';

const STATES = { untouched, prepared, cloned, following };

/** What a command prints of a world. */
const PRINTED: Readonly<Record<string, (world: World) => Promise<object>>> = {
  doctor: (world) => diagnose(world.opening, world.contracts),
  plan: async (world) => planJson(await makePlan(world.opening, world.contracts, 'apply')),
  status: (world) => readStatus(world.opening, world.contracts),
};

/** What is wrong with a text by the schema of a command. */
const wrong = (command: string, text: string) => SCHEMAS[command]!.schema.safeParse(JSON.parse(text)).error;

const cases = Object.entries(PRINTED).flatMap(([command, print]) =>
  Object.entries(STATES).map(([state, make]) => [command, state, print, make] as const),
);

test.each(cases)('%s of what is %s is as its schema says', async (command, _, print, make) => {
  const world = newWorld(make);
  const printed = await inWorld(world, () => print(world));
  expect(wrong(command, jsonDocument(printed))).toBeUndefined();
  // And the schema would see it if it were not.
  expect(wrong(command, jsonDocument({ ...printed, more: 1 }))).toBeDefined();
  expect(wrong(command, jsonDocument({ ...printed, environment: undefined }))).toBeDefined();
  expect(wrong(command, JSON.stringify(printed))).toBeDefined();
});

test('verify, with a table that differs', async () => {
  const world = answering({ ["WHERE c.relkind = 'm' AND"]: () => [], ...comparable({ 'shop orders': 'different' }) });
  const request = { databases: [], concurrency: 1, settleTimeoutMs: 1_000, statementTimeoutMs: 0 };
  const found = await inWorld(world, () =>
    verifyEnvironment(world.opening, world.contracts, { ...request, onVerdict: () => undefined }),
  );
  const printed = { environment: 'demo', equal: isEqual(found), ...found };
  expect(found.tables.length).toBeGreaterThan(1);
  expect(wrong('verify', jsonDocument(printed))).toBeUndefined();
  expect(wrong('verify', jsonDocument({ ...printed, tables: [{}] }))).toBeDefined();
});

test('an error, with all that it may have', () => {
  const parts = { code: 'SLOT_LOST', seen: 's', why: 'w', next: 'n', location: 'f:1:2', also: ['LOCK_HELD'] } as const;
  const line = jsonLine({ type: 'error', ...new OperatorError(parts).toJSON() });
  expect(JSON.parse(line)).toEqual({ format_version: '1.1', run: RUN, type: 'error', ...parts });
  expect(errorLine.safeParse(JSON.parse(line)).error).toBeUndefined();
  expect(wrong('apply', line)).toBeUndefined();
  expect(wrong('apply', jsonLine({ type: 'error', ...parts, code: 'no code' }))).toBeDefined();
});
