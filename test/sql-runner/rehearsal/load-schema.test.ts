import { statementsOfSchema, withoutEventTriggersOf } from '../../../sql-runner/rehearsal/load-schema';

const DUMP = `
CREATE TABLE public.t (id int);
CREATE EVENT TRIGGER acas_dev_drop ON sql_drop EXECUTE FUNCTION acas_dev_shop_ddl.note_drop();
ALTER EVENT TRIGGER acas_dev_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER acas_dev_drop OWNER TO master;
COMMENT ON EVENT TRIGGER acas_dev_drop IS 'ours';
CREATE EVENT TRIGGER "The irs" ON sql_drop EXECUTE FUNCTION public.theirs();
COMMENT ON EVENT TRIGGER "The irs" IS 'beside acas_dev_drop';
CREATE EVENT TRIGGER "Od""d" ON sql_drop EXECUTE FUNCTION "Od""d_ddl".f();
COMMENT ON EVENT TRIGGER "Od""d" IS 'ours';
`;

test('event triggers whose functions were left out are left out, and no others', async () => {
  const statements = await statementsOfSchema({ name: 'schema.sql', sql: DUMP });
  const left = withoutEventTriggersOf(['acas_dev_shop_ddl', 'Od"d_ddl'], statements).map(({ text }) => text);
  expect(left).toEqual([
    'CREATE TABLE public.t (id int)',
    'CREATE EVENT TRIGGER "The irs" ON sql_drop EXECUTE FUNCTION public.theirs()',
    `COMMENT ON EVENT TRIGGER "The irs" IS 'beside acas_dev_drop'`,
  ]);
  expect(withoutEventTriggersOf([], statements)).toHaveLength(9);
});
