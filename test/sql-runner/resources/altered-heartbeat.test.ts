import type { Side } from '../../../contract/contract';
import type { HeartbeatFacts } from '../../../sql-runner/model/heartbeat-facts';
import { findAlteredHeartbeats } from '../../../sql-runner/resources/altered-heartbeat';
import { sourceContract } from '../support/contract';
import { columns, heartbeatForm } from '../support/heartbeat-forms';
import { heartbeat } from '../support/heartbeats';
import { edit, following } from '../support/observations';

/** What is said of a heartbeat that somebody altered or that cannot be read, who is to mend it, and where. */
const contract = sourceContract(['shop']);
const found = (side: Side, facts: Partial<HeartbeatFacts>) => {
  const observed = edit(following(contract), (draft) =>
    Object.assign(draft[side]!.databases.shop!, { heartbeats: [{ ...heartbeat('acas_demo_shop'), ...facts }] }),
  );
  return findAlteredHeartbeats(contract, observed[side]!, side);
};
const next = (side: Side, facts: Partial<HeartbeatFacts>) => found(side, facts)[0]!.next;
const UNREAD = { seen: 'permission denied', next: null };
const SECURED = { rowSecurity: true } as const;
const OPENED = 'ALTER TABLE "acas_demo_shop"."acas_heartbeat" DISABLE ROW LEVEL SECURITY;';

test('nothing where it is as it was made, where its form is not known, and where there is none of ours', () => {
  for (const side of ['source', 'target'] as const) {
    expect(found(side, { form: heartbeatForm() })).toEqual([]);
    expect(found(side, {})).toEqual([]);
    expect(found(side, { comment: null, form: heartbeatForm(SECURED), unread: UNREAD })).toEqual([]);
  }
});

test('all faults in one finding, with the statements in their order, on the side where they are', () => {
  const form = heartbeatForm({ ...SECURED, forcedRowSecurity: true });
  expect(found('source', { form })).toEqual([
    {
      code: 'HEARTBEAT_ALTERED',
      severity: 'block',
      stops: ['publish', 'slot', 'ticket', 'connect'],
      seen: 'the heartbeat acas_demo_shop in database shop on the source is not as sql-runner made it: row security holds for it, row security is forced on it',
      why: expect.any(String),
      next: `in database shop on the source: ${OPENED} ALTER TABLE "acas_demo_shop"."acas_heartbeat" NO FORCE ROW LEVEL SECURITY;`,
    },
  ]);
  expect(next('target', { form: heartbeatForm(SECURED) })).toBe(`in database shop on the clone: ${OPENED}`);
});

test('what the login may not alter is for a superuser, or for who may give it to the login', () => {
  const other = 'as a superuser, or as a role that may give it to master, in database shop on the source: ALTER';
  for (const form of [{ mayAlter: false }, { mayAlterSchema: false }, { mayAlter: false, mayAlterSchema: false }])
    expect(next('source', { form: heartbeatForm(form) })).toMatch(new RegExp(`^${other}`));
});

test('beats that begin anew on the clone begin anew on the source too, whatever else is to be mended', () => {
  const form = { ...columns({ number: null }), ...SECURED };
  expect(next('target', { form })).toMatch(
    /NOT NULL; then in database shop on the source: TRUNCATE "acas_demo_shop"\."acas_heartbeat";$/,
  );
  expect(next('source', { form })).toMatch(/NOT NULL;$/);
});

test('beats that could not be read: in the words of the server, with what ends it where that is known', () => {
  const seen = 'the beats of acas_demo_shop in database shop on the clone could not be read: permission denied';
  const unread = { code: 'HEARTBEAT_UNREADABLE', severity: 'block', seen };
  expect(found('target', { unread: UNREAD })).toEqual([
    expect.objectContaining({ ...unread, next: expect.stringMatching(/^put right what the server names there/) }),
  ]);
  expect(found('target', { unread: { ...UNREAD, next: 'wait' }, form: heartbeatForm() })).toEqual([
    expect.objectContaining({ ...unread, next: 'wait' }),
  ]);
  // What explains it is said with it.
  expect(found('target', { unread: UNREAD, form: heartbeatForm(SECURED) })).toEqual([
    expect.objectContaining({
      code: 'HEARTBEAT_ALTERED',
      seen: expect.stringMatching(/row security holds for it; its beats could not be read: permission denied$/),
    }),
  ]);
});
