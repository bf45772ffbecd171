import { extractContracts } from '../../../sql-runner/inputs/extract-contracts';
import { sourceContract, targetContract } from '../support/contract';

const source = sourceContract();
const target = targetContract();
const beforeClone = {
  ...target,
  cluster: Object.fromEntries(Object.keys(target.cluster).map((name) => [name, null])),
  ticketNonce: '',
};
const output = (value: unknown) => ({ value, type: ['object', {}], sensitive: false });

test.each<[string, unknown, unknown[]]>([
  ['terraform output -json', { contract: output(source), peering_connection_id: output('pcx-1') }, [source]],
  [
    'cdktf output --outputs-file',
    { 'demo-source': { contract: source }, 'demo-target': { contract: target } },
    [source, target],
  ],
  ['cdktf, nested once more', { outputs: { 'demo-target': { contract: output(target), other: 'x' } } }, [target]],
  ['the contract itself', source, [source]],
  ['nothing deployed', {}, []],
  ['a target without its clone', { contract: output(beforeClone) }, []],
  ['outputs of something else', { 'other-stack': { url: output('https://example.com') }, list: [1, null] }, []],
  ['no object at all', null, []],
])('%s', (_, document, expected) => {
  expect(extractContracts(document, 'outputs.json')).toEqual(expected);
});

test.each<[string, unknown]>([
  ['another version', { ...source, version: 2 }],
  ['a missing part', { ...source, links: undefined }],
  ['a wrong type', { ...target, cluster: { ...target.cluster, port: '5432' } }],
  ['no side', { ...source, side: 'middle' }],
])('a contract with %s is refused, with the place of it', (_, contract) => {
  let refusal: unknown;
  try {
    extractContracts({ contract: output(contract) }, 'outputs.json');
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({
    code: 'CONTRACT_INVALID',
    seen: expect.stringMatching(/outputs\.json.*(version|links|port|side)/),
  });
});
