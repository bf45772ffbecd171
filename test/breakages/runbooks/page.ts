import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Side } from '../../../lab/lab';

export const FOLDER = join(__dirname, '..', '..', '..', 'docs', 'runbooks');

/** A block of a page, as it stands there. */
export type Step =
  | { readonly kind: 'sh'; readonly lines: readonly string[] }
  | { readonly kind: 'sql'; readonly side: Side; readonly database: string; readonly statements: readonly string[] };

/** A way out that a page tells, of what one row of the table breaks. */
export interface Way {
  readonly title: string;
  readonly breakage: string;
  readonly steps: readonly Step[];
}

export interface Page {
  readonly file: string;
  /** Its title. */
  readonly state: string;
  /** What `status` printed for the first of its ways. */
  readonly excerpt: string;
  readonly ways: readonly Way[];
}

const BLOCK = /^```(\w+)\n([^]*?)^```$/gm;
const EXCERPT = /^```text\n([^]*?)^```$/m;

export const pages = (): Page[] =>
  readdirSync(FOLDER)
    .filter((file) => file !== 'README.md')
    .map(pageOf);

function pageOf(file: string): Page {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const ways = text
    .split(/^### /m)
    .slice(1)
    .flatMap((part) => wayOf(part, file));
  const state = /^# (.+)$/m.exec(text)?.[1];
  if (state === undefined) throw new Error(`${file} has no title`);
  return { file, state, excerpt: EXCERPT.exec(text)?.[1]?.trim() ?? '', ways };
}

/** Puts what was printed in the place of what stands there. */
export function writeExcerpt({ file }: Page, printed: string): void {
  const path = join(FOLDER, file);
  const block = '```text\n' + printed + '\n```';
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(EXCERPT, () => block),
  );
}

/** A part without a breakage tells of something that is not to be carried out. */
function wayOf(part: string, file: string): Way[] {
  const [title = ''] = part.split('\n', 1);
  const breakage = /^<!-- breakage: (.+) -->$/m.exec(part)?.[1];
  if (breakage === undefined) return [];
  // What follows the last way is of the page again.
  const [own = ''] = part.split(/^## /m);
  const steps = [...own.matchAll(BLOCK)].map(([, language, body = '']) => stepOf(language!, body, `${file}, ${title}`));
  if (steps.length === 0) throw new Error(`${file}, ${title}: nothing to carry out`);
  return [{ title, breakage, steps }];
}

function stepOf(language: string, body: string, where: string): Step {
  if (language === 'sh') return { kind: 'sh', lines: body.trim().split('\n') };
  const [, side, database, text] = /^-- on the (source|clone), in database (\w+)\n([^]+)$/.exec(body) ?? [];
  if (language !== 'sql' || text === undefined) throw new Error(`${where}: a block that nobody can carry out`);
  return { kind: 'sql', side: side as Side, database: database!, statements: text.trim().split(/(?<=;)\n/) };
}
