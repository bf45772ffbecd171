/** A line of this alone stands for any lines; within a line it stands for any words. */
const LEFT_OUT = '…';

/**
 * Whether a page says what was printed: each line, in this order, and no other but where it says that some are left out.
 * Empty lines and the width of columns do not count.
 *
 * @returns what the page has and was not printed, or was printed and the page has not; empty: it says the truth
 */
export function untrue(expected: string, printed: string): string {
  const lines = essence(printed);
  const groups = groupsOf(essence(expected));
  const [first = []] = groups;
  if (!stands(first, lines, 0)) return notPrinted(first);
  if (groups.length === 1)
    return lines.length === first.length ? '' : `printed as well:\n${lines.slice(first.length).join('\n')}`;
  const last = groups.at(-1)!;
  const end = lines.length - last.length;
  let from = first.length;
  for (const group of groups.slice(1, -1)) {
    const at = lines.findIndex(
      (_, start) => start >= from && start + group.length <= end && stands(group, lines, start),
    );
    if (at < 0) return notPrinted(group);
    from = at + group.length;
  }
  return end >= from && stands(last, lines, end) ? '' : notPrinted(last);
}

const notPrinted = (group: readonly string[]): string => `not printed:\n${group.join('\n')}`;

const stands = (group: readonly string[], lines: readonly string[], at: number): boolean =>
  group.every((line, index) => at + index < lines.length && patternOf(line).test(lines[at + index]!));

/** Between two words there may be none. */
const patternOf = (line: string): RegExp =>
  new RegExp(`^${line.split(LEFT_OUT).map(escaped).join('.*').replaceAll(' .* ', ' (?:.* )?')}$`);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function groupsOf(wanted: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const line of wanted)
    if (line === LEFT_OUT) groups.push([]);
    else groups.at(-1)!.push(line);
  return groups;
}

/** The stack, which cdktf puts before the first of the lines that came at once, however many that were. */
const LABEL = /^\S+-(?:source|target) {2,}/;

/** Without colours, empty lines, and more than one space in a row. */
const essence = (text: string): string[] =>
  text
    .replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, '')
    .split(/\r?\n/)
    .map((line) => line.replace(LABEL, '').replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
