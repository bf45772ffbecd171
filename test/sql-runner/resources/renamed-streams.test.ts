import type { Observation } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { renamedOf } from '../../../sql-runner/resources/renamed-subscription';
import { findRenamedHeartbeats } from '../../../sql-runner/resources/renamed-heartbeat';
import { sourceContract, stream } from '../support/contract';
import { heartbeat } from '../support/heartbeats';
import { type Draft, edit, following } from '../support/observations';

/** Which stream a renamed subscription is of: two in one database, and one in another. */
const one = sourceContract(['shop', 'ledger']);
const contract = {
  ...one,
  links: [{ database: 'shop', streams: [stream('shop'), stream('large')] }, one.links[1]!],
};
const [shop, large, ledger] = streamsOf(contract) as [Of, Of, Of];
type Of = ReturnType<typeof streamsOf>[number];

function homes(change: (draft: Draft<Observation>['target'] & object) => void): string[] {
  const { target } = edit(following(one), (draft) => {
    const { streams } = draft.target!.databases.shop!;
    const subscription = {
      ...streams.acas_demo_shop!.subscription!,
      oid: 16600,
      name: 'acas_demo_large',
      slotName: 'acas_demo_large',
    };
    streams.acas_demo_large = { ...streams.acas_demo_shop!, subscription };
    draft.target!.subscriptions.push(subscription);
    change(draft.target!);
  });
  return [shop, large, ledger].flatMap((of) =>
    renamedOf(contract, target!, of).map(({ name }) => `${name} of ${of.stream.subscription}`),
  );
}
const renamed = (name: string, slotName: string | null) => (target: Draft<Observation>['target'] & object) => {
  Object.assign(
    target.subscriptions.find((facts) => facts.name === name)!,
    { name: 'moved', slotName },
  );
  target.databases.shop!.streams[name]!.subscription = null;
};

test('it is that whose slot it reads, else the one that has none; never one of another database', () => {
  expect(homes(() => undefined)).toEqual([]);
  for (const name of ['acas_demo_shop', 'acas_demo_large']) {
    expect(homes(renamed(name, name))).toEqual([`moved of ${name}`]);
    expect(homes(renamed(name, null))).toEqual([`moved of ${name}`]);
  }
  const copy = (slotName: string | null) => (target: Draft<Observation>['target'] & object) =>
    void target.subscriptions.push({ ...target.subscriptions[0]!, name: 'copy', slotName });
  expect(homes(copy('acas_demo_large'))).toEqual(['copy of acas_demo_large']);
  expect(homes(copy(null))).toEqual(['copy of acas_demo_shop']);
  expect(homes(copy('acas_demo_ledger'))).toEqual(['copy of acas_demo_shop']);
});

test('a heartbeat under another name is told with the name that its own database has for it', () => {
  const { source } = edit(following(one), (draft) => {
    const heartbeatsElsewhere = [{ schema: 'acas_demo_ledger', table: 'moved' }];
    Object.assign(draft.source.databases.ledger!, { heartbeatsElsewhere });
  });
  const found = findRenamedHeartbeats(contract, source, 'source').map(({ seen, next }) => `${seen} → ${next}`);
  expect(found).toEqual([
    expect.stringMatching(
      /in database ledger .* which is acas_demo_ledger.acas_heartbeat .* → .* RENAME TO "acas_heartbeat";$/,
    ),
  ]);
});

test('of two streams of a database it is that of the one whose heartbeat is not in its place', () => {
  const gone = (schema: string) => ({ ...heartbeat(schema), comment: null });
  for (const [present, home] of [
    [[heartbeat('acas_demo_shop')], 'acas_demo_large'],
    [[heartbeat('acas_demo_shop'), gone('acas_demo_large')], 'acas_demo_large'],
    [[heartbeat('acas_demo_large')], 'acas_demo_shop'],
  ] as const) {
    const { source } = edit(following(one), (draft) => {
      const heartbeatsElsewhere = [{ schema: 'public', table: 'acas_heartbeat' }];
      Object.assign(draft.source.databases.shop!, { heartbeatsElsewhere, heartbeats: present });
    });
    const [found, ...others] = findRenamedHeartbeats(contract, source, 'source');
    expect([found!.seen, others]).toEqual([expect.stringContaining(`which is ${home}.acas_heartbeat by`), []]);
  }
});
