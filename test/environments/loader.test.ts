import { join } from 'node:path';
import { environmentFile, listEnvironments, loadEnvironment } from '../../environments/loader';
import { editedText, errorOf, loadEdited, loadText, placeIn, placeOf, type Edit } from './edited-environment';

const ENVIRONMENTS = join(__dirname, '../../environments');

test('every environment in the repository loads', () => {
  const names = listEnvironments(ENVIRONMENTS).map((file) => loadEnvironment(file).name);
  expect(names).toEqual(['demo', 'example']);
});

test('settings that are left out get their defaults', () => {
  const environment = loadEdited(['    tables: all\n', '']);
  expect(environment.target.clone.instanceCount).toBe(1);
  expect(environment.source.cluster.extraParameters).toEqual({});
  expect(environment.kms).toEqual({});
  expect(environment.databases[0]?.tables).toBeUndefined();
});

test('ENVIRONMENTS_DIR says where the files are', () => {
  process.env['ENVIRONMENTS_DIR'] = '/nowhere at all';
  try {
    expect(errorOf(() => listEnvironments())).toMatchObject({
      code: 'ENVIRONMENT_UNREADABLE',
      seen: expect.stringContaining('/nowhere at all'),
    });
  } finally {
    delete process.env['ENVIRONMENTS_DIR'];
  }
  expect(listEnvironments()).toContain(join(ENVIRONMENTS, 'demo.yaml'));
});

test('an unknown environment suggests the near one', () => {
  expect(environmentFile('demo', ENVIRONMENTS)).toBe(join(ENVIRONMENTS, 'demo.yaml'));
  expect(errorOf(() => environmentFile('demmo', ENVIRONMENTS))).toMatchObject({
    code: 'ENVIRONMENT_UNKNOWN',
    next: 'Did you mean "demo"?',
  });
  expect(errorOf(() => environmentFile('zzzzzzz', ENVIRONMENTS)).next).toContain('demo, example');
});

test('a file that is not there is one clear error', () => {
  expect(errorOf(() => loadEnvironment('/nowhere/x.yaml'))).toMatchObject({ code: 'ENVIRONMENT_UNREADABLE' });
});

test('an empty file is told what belongs there', () => {
  expect(errorOf(() => loadText(''))).toMatchObject({
    code: 'WRONG_TYPE',
    seen: 'The file is empty, but a mapping belongs there.',
  });
});

test('all problems of a file are reported at once, in file order, and a misspelt key only once', () => {
  const edits: Edit[] = [
    ['region: eu', 'regoin: eu'],
    ['mode: invitation', 'mode: x'],
    ['vpc-0a1111111111111a1', 'vpc-1'],
  ];
  const error = errorOf(() => loadEdited(...edits));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'UNKNOWN_KEY',
    place: placeIn(editedText(...edits), '^regoin'),
  });
  const others = [...error.next.matchAll(/Also .*:(\d+:\d+)\n {4}([A-Z_]+)/g)].map(([, place, code]) => ({
    place,
    code,
  }));
  expect(others).toEqual([
    { place: placeIn(editedText(...edits), '^vpc-1'), code: 'BAD_RESOURCE_ID' },
    { place: placeIn(editedText(...edits), 'mode: ^x'), code: 'UNKNOWN_OPTION' },
  ]);
});
