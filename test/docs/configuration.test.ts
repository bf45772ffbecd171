import { configurationReference } from '../../docs/generate/configuration';

const rows = configurationReference()
  .split('\n')
  .flatMap((line) => {
    const cells = /^\| `([\w[\].]+)` \|/.exec(line) === null ? [] : line.split(' | ');
    return cells.length === 0
      ? []
      : [{ setting: /`([^`]+)`/.exec(cells[0]!)![1]!, ends: cells.at(-1)!.replace(/ ?\|$/, '').trim() }];
  });

test('each setting says where in the JSON it ends, but those that only one value is right for, or checks alone read', () => {
  expect(rows.length).toBeGreaterThan(100);
  const nowhere = rows.filter(({ ends }) => ends === '').map(({ setting }) => setting);
  expect([...new Set(nowhere)]).toEqual([
    'backend.type',
    'source.network.vpcOwnerId',
    'source.manage.keyPolicy',
    'target.network.vpcOwnerId',
  ]);
});

test('each resource that is named is linked to its page of AWS', () => {
  const page = configurationReference();
  const named = new Set([...page.matchAll(/\[(aws_\w+)\](?!:)/g)].map(([, type]) => type!));
  const linked = [...page.matchAll(/^\[(aws_\w+)\]: https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/gm)].map(
    ([, type]) => type!,
  );
  expect(new Set(linked)).toEqual(named);
  expect(named.size).toBeGreaterThan(20);
});
