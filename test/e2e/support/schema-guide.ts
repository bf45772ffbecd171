import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** docs/guides/changing-the-schema.md, as what is to be done one after the other. */
const GUIDE = join(__dirname, '..', '..', '..', 'docs', 'guides', 'changing-the-schema.md');

export type Side = 'production' | 'clone';
export type Block =
  | { readonly kind: 'sql'; readonly on: Side; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'by hand'; readonly what: string }
  | { readonly kind: 'command'; readonly text: string; readonly expected: string };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

const BLOCK = new RegExp(
  [
    String.raw`^<!-- on: (?<on>production|clone) -->\n\n\x60\x60\x60sql\n(?<sql>[^]*?)^\x60\x60\x60$`,
    String.raw`^<!-- file: (?<name>\S+) -->\n\n\x60\x60\x60sql\n(?<file>[^]*?)^\x60\x60\x60$`,
    String.raw`^<!-- by hand: (?<what>.+) -->$`,
    String.raw`^\x60\x60\x60sh\n(?<command>[^]*?)^\x60\x60\x60\n\n\x60\x60\x60text\n(?<expected>[^]*?)^\x60\x60\x60$`,
  ].join('|'),
  'gm',
);

/** @throws Error where a block stands that nobody would carry out */
export function readSchemaGuide(text = readFileSync(GUIDE, 'utf8')): Section[] {
  const sections = text.split(/^(?=## )/m).map((part) => ({
    title: part.split('\n', 1)[0]!.replace(/^#+ /, ''),
    blocks: [...part.matchAll(BLOCK)].map(({ groups = {} }) => blockOf(groups)),
  }));
  const read = sections.flatMap(({ blocks }) => blocks).filter(({ kind }) => kind !== 'by hand').length;
  const written = [...text.matchAll(/^```(?:sql|sh)$/gm)].length;
  if (read !== written) throw new Error(`of ${written} blocks of the page ${read} are carried out`);
  return sections;
}

function blockOf({ on, sql, name, file, what, command, expected }: Record<string, string | undefined>): Block {
  if (sql !== undefined) return { kind: 'sql', on: on as Side, text: sql };
  if (file !== undefined) return { kind: 'file', name: name!, text: file };
  if (what !== undefined) return { kind: 'by hand', what };
  return { kind: 'command', text: command!.trim(), expected: expected! };
}
