import { loadEdited } from './edited-environment';

// They become lists of tables, so no version is too old for them.
test('schemas may be selected on a version whose publications know none', () => {
  const { databases } = loadEdited(
    ['majorVersion: 17', 'majorVersion: 13'],
    ['aurora-postgresql17', 'aurora-postgresql13'],
  );
  expect(databases[1]!.schemas).toEqual(['public', 'Audit']);
});
