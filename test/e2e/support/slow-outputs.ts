import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Toolchain } from '../../../lab/demo/toolchain';
import { openSlowLink, type SlowLink } from './slow-link';

/** `terraform output -json` of a stack, with the cluster behind a slow link, in a file for `--outputs`. */
export async function slowOutputs(
  tools: Toolchain,
  stack: string,
  delayMs: number,
): Promise<{ file: string; link: SlowLink }> {
  const state = JSON.parse(readFileSync(join(tools.states, `${stack}.tfstate`), 'utf8')) as {
    outputs: { contract: { value: { cluster: { port: number }; production?: object | null } } };
  };
  const { contract } = state.outputs;
  const link = await openSlowLink(contract.value.cluster.port, delayMs);
  contract.value.cluster.port = link.port;
  // The rules around production are of its own port.
  if ('production' in contract.value) contract.value.production = null;
  const file = join(tools.folder, `${stack}.outputs.json`);
  writeFileSync(file, JSON.stringify({ contract: { sensitive: false, ...contract } }));
  return { file, link };
}
