import { arrows, filesOf, pathOf, upward } from '../../tools/arrows';
import { picture } from '../../tools/print-rooms';
import { ROOMS } from '../../tools/rooms';

test('no import leads up, so that nothing is circular', () => {
  expect(arrows().length).toBeGreaterThan(50);
  expect(upward(arrows())).toEqual([]);
});

test('each room may import only what stands before it', () => {
  const wrong = ROOMS.flatMap(({ room, below }, index) =>
    below.filter((other) => !ROOMS.slice(0, index).some((lower) => lower.room === other)).map((other) => [room, other]),
  );
  expect(wrong).toEqual([]);
});

test('each room has files, and no file is of two rooms', () => {
  const files = ROOMS.flatMap(({ room }) => {
    expect(filesOf(room)).not.toEqual([]);
    return filesOf(room);
  });
  expect(new Set(files).size).toBe(files.length);
});

test('what may be imported is imported: a permission that nobody uses is a hole in the floor', () => {
  const led = new Set(arrows().map(({ from, to }) => `${from} ${to}`));
  const unused = ROOMS.flatMap(({ room, below }) => below.map((other) => `${room} ${other}`)).filter(
    (one) => !led.has(one),
  );
  expect(unused).toEqual([]);
});

test('an arrow that leads up is found, and every arrow is drawn', () => {
  const up = { from: 'sql-runner/model', to: 'sql-runner/plan', imports: 1 };
  expect(upward([...arrows(), up])).toEqual([up]);
  expect(picture([up])).toContain('sql-runner/model ');
  expect(picture([up], true)).toMatch(/sql-runner\/model +\d+ files ─▶ plan 1/);
});

test('a house is not the rooms inside it', () => {
  const house = new RegExp(pathOf('sql-runner'));
  expect(house.test('sql-runner/cli.ts')).toBe(true);
  expect(house.test('sql-runner/model/plan.ts')).toBe(false);
});
