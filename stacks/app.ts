import { App } from 'cdktf';
import type { Environment } from '../environments/schema';
import './newer-node';
import { streamsBeside } from './links';
import { SourceStack } from './source-stack';
import { TargetStack } from './target-stack';

/**
 * The CDKTF app with both stacks of every environment.
 *
 * @param outdir where `synth` writes; without it cdktf decides (cdktf.out, or the CLI's --output)
 */
export function buildApp(environments: readonly Environment[], outdir?: string): App {
  const app = new App({ outdir, stackTraces: false });
  for (const environment of environments) {
    const beside = streamsBeside(environment, environments);
    new SourceStack(app, environment, beside);
    new TargetStack(app, environment, beside);
  }
  return app;
}
