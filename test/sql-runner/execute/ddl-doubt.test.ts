import { leavesDoubt } from '../../../sql-runner/actions/ddl';
import { decidedSince } from '../../../sql-runner/execute/ddl-doubt';

test('what is carried out by consent is in doubt unless it changes no row; of what is left out, what gives rows values', () => {
  const doubts = (decision: 'apply' | 'skip', tags: string[]) => tags.filter((tag) => leavesDoubt({ tag }, decision));
  const tags = ['ALTER TABLE', 'CREATE MATERIALIZED VIEW', 'CREATE EXTENSION', 'GRANT', 'REVOKE', 'CREATE TRIGGER'];
  expect(doubts('apply', tags)).toEqual(['ALTER TABLE', 'CREATE MATERIALIZED VIEW', 'CREATE EXTENSION']);
  expect(doubts('skip', tags)).toEqual(['ALTER TABLE']);
});

test('a comparison takes along no doubt that came while it ran', () => {
  expect(decidedSince({ altered: ['slot_name'], ddl: [3, 4] }, [3])).toEqual({ ddl: [4] });
  expect(decidedSince({ altered: ['slot_name'], ddl: [3] }, [3])).toBeUndefined();
  expect(decidedSince(undefined, [])).toBeUndefined();
});
