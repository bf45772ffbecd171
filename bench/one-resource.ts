import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';

/**
 * What no synth can be faster than: node loads the classes of the provider that the stacks load, and writes one resource.
 * bench/synth.ts runs it as `cdktf` runs main.ts.
 */
const STACKS = join(__dirname, '..', 'stacks');
const sources = readdirSync(STACKS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const texts = sources.map((name) => readFileSync(join(STACKS, name), 'utf8')).join('\n');
const classes = new Set([...texts.matchAll(/from '(@cdktf\/provider-aws\/lib\/[\w-]+)'/g)].map(([, name]) => name!));

// As the stacks have them: the provider's library is of modules that node loads by require.
const load = createRequire(__filename);
for (const name of classes) load(name);
const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, 'one');
new AwsProvider(stack, 'aws', { region: 'eu-west-1' });
new RamResourceShare(stack, 'share', { name: 'one' });
app.synth();
