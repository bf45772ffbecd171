import type { Mutant } from './results';

const LONGEST = 110;

/** How a mutant stands in the list: by its text, as lines move with every edit above. */
export function entryOf({ original, replacement, mutator }: Mutant): string {
  return `${mutator}: ${short(original)} → ${short(replacement)}`;
}

function short(text: string): string {
  if (text.length <= LONGEST) return text === '' ? '(nothing)' : text;
  return `${text.slice(0, LONGEST * 0.7)} … ${text.slice(-LONGEST * 0.3)}`;
}

/** Reads the list: a heading with the file, then fenced blocks with a mutant on each line, and prose that argues. */
export function parseAccepted(markdown: string): Map<string, string[]> {
  const accepted = new Map<string, string[]>();
  let file: string | null = null;
  let fenced = false;
  for (const line of markdown.split('\n')) {
    const heading = /^#+ (?:`(sql-runner\/.+)`)?/.exec(line);
    if (line.startsWith('```')) fenced = !fenced;
    else if (fenced && file !== null) accepted.set(file, [...(accepted.get(file) ?? []), line]);
    else if (heading !== null) file = heading[1] ?? null;
  }
  return accepted;
}

export interface Judgement {
  /** Survived and is not on the list. */
  readonly unlisted: readonly Mutant[];
  /** On the list, and killed or gone. */
  readonly stale: readonly { readonly file: string; readonly entry: string }[];
}

/** Each line of the list stands for one mutant, so that a second one of the same text needs a line of its own. */
export function judge(
  survivors: readonly Mutant[],
  accepted: ReadonlyMap<string, readonly string[]>,
  files: readonly string[],
): Judgement {
  const left = new Map([...accepted].map(([file, entries]) => [file, [...entries]]));
  const unlisted = survivors.filter((mutant) => {
    const entries = left.get(mutant.file) ?? [];
    const place = entries.indexOf(entryOf(mutant));
    if (place >= 0) entries.splice(place, 1);
    return place < 0;
  });
  const stale = [...left].filter(([file]) => files.includes(file));
  return { unlisted, stale: stale.flatMap(([file, entries]) => entries.map((entry) => ({ file, entry }))) };
}
