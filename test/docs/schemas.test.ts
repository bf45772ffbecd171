import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { SCHEMA_FILES } from '../../docs/generate/schemas';
import { program } from '../../sql-runner/program';

const FOLDER = dirname(SCHEMA_FILES[0]!.file);

test('each command that has --json has a schema, and so have errors, events and log lines; none is left of before', () => {
  const commands = program(() => undefined).commands.filter(({ options }) => options.some((o) => o.long === '--json'));
  const wanted = [...commands.map((command) => command.name()), 'cost', 'error', 'event', 'log'].map(
    (name) => `${name}.schema.json`,
  );
  expect(readdirSync(FOLDER).sort()).toEqual(wanted.sort());
  expect(SCHEMA_FILES.map(({ file }) => basename(file)).sort()).toEqual(wanted);
});

test.each(SCHEMA_FILES.map(({ file }) => [basename(file), file] as const))(
  '%s lets pass what later versions of its format add, and not another format',
  (_, file) => {
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('"additionalProperties": false');
    const { $schema, title } = JSON.parse(text) as { $schema: string; title: string };
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(title).toMatch(/sql-runner|npm run cost/);
    const pattern = /"pattern": "(\^1[^"]+)"/.exec(text)![1]!.replaceAll('\\\\', '\\');
    expect(['1.0', '1.7', '2.0'].map((version) => new RegExp(pattern).test(version))).toEqual([true, true, false]);
  },
);
