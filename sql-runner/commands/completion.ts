import type { Command } from 'commander';
import { bashCompletion } from './completion-bash';
import { fishCompletion } from './completion-fish';
import { completionWords } from './completion-words';
import { zshCompletion } from './completion-zsh';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** The script by which a shell completes sql-runner. It needs no start of sql-runner itself for a word. */
export function completion(shell: keyof typeof SHELLS, root: Command): string {
  return SHELLS[shell](completionWords(root));
}
