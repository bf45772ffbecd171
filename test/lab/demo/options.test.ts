import { readDemoOptions } from '../../../lab/demo/options';

test('without arguments: a million rows, nothing kept', () => {
  expect(readDemoOptions([])).toEqual({ keep: false, rows: 1_000_000, name: 'demo', help: false });
});

test('options are read', () => {
  expect(readDemoOptions(['--keep', '--rows', '20000', '--name', 'second'])).toMatchObject({
    keep: true,
    rows: 20_000,
    name: 'second',
  });
});

test.each([
  [['--row', '1'], "Unknown option '--row'"],
  [['--rows', 'many'], '--rows is "many"'],
  [['--rows', '10'], '--rows is "10"'],
  [['--name', '../up'], 'cannot be the name of a lab'],
])('%j is refused with a reason', (args, reason) => {
  expect(() => readDemoOptions(args)).toThrow(reason);
});
