import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page that is followed by executing it: docs/guides/real-accounts.md. */
export const GUIDE = join(__dirname, '..', '..', '..', 'docs', 'guides', 'real-accounts.md');

export type Item =
  | { readonly kind: 'commands'; readonly commands: string; readonly expected: string }
  /** What the page has people do who are not those at the prompt. */
  | { readonly kind: 'by hand'; readonly what: string }
  /** Of a way out: it goes on as another one. */
  | { readonly kind: 'way out'; readonly of: number };

export interface Page {
  /** The environment file, as it stands there. */
  readonly environment: string;
  readonly steps: ReadonlyMap<number, readonly Item[]>;
  readonly waysOut: ReadonlyMap<number, readonly Item[]>;
  /** Every block of commands, wherever it stands. */
  readonly commands: readonly string[];
}

const HEADING = /^(?:## (\d+)\. .+|### Back out of step (\d+))$/;
const ITEM = new RegExp(
  [
    String.raw`^\x60\x60\x60sh\n(?<commands>[^]*?)^\x60\x60\x60\n(?<rest>\n\x60\x60\x60text\n(?<expected>[^]*?)^\x60\x60\x60\n)?`,
    String.raw`^<!-- by hand: (?<what>.+) -->$`,
    String.raw`\[back out of step (?<of>\d+)\]\(#back-out-of-step-\d+\)`,
  ].join('|'),
  'gim',
);

/** @throws Error where a block has no output, or stands where nobody would come to it */
export function readPage(text = readFileSync(GUIDE, 'utf8')): Page {
  const steps = new Map<number, Item[]>();
  const waysOut = new Map<number, Item[]>();
  for (const part of text.split(/^(?=##)/m)) {
    const [, step, wayOut] = HEADING.exec(part.split('\n', 1)[0]!) ?? [];
    const items = itemsOf(part);
    if (step !== undefined) steps.set(Number(step), items.filter(isDone));
    else if (wayOut !== undefined) waysOut.set(Number(wayOut), items);
    else if (items.some(isDone)) throw new Error(`nobody would carry out what stands here: ${part}`);
  }
  const environment = /^```yaml\n([^]*?)^```$/m.exec(text)?.[1];
  if (environment === undefined) throw new Error('the page has no environment file');
  const commands = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, body]) => body!);
  return { environment, steps, waysOut, commands };
}

/** Only a way out goes on as another one; elsewhere that is a link. */
const isDone = ({ kind }: Item): boolean => kind !== 'way out';

function itemsOf(part: string): Item[] {
  return [...part.matchAll(ITEM)].map(({ groups = {} }) => {
    const { commands, expected, what, of } = groups;
    if (what !== undefined) return { kind: 'by hand', what };
    if (of !== undefined) return { kind: 'way out', of: Number(of) };
    if (expected === undefined) throw new Error(`the page does not say what this prints: ${commands}`);
    return { kind: 'commands', commands: commands!, expected };
  });
}
