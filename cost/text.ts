import { BESIDE, SECOND_MONTH, type Note } from './estimate/beside';
import { TERMS, type Report } from './report';
import {
  amountText,
  grouped,
  range,
  seenText,
  totalText,
  unknownGroups,
  usedSources,
  type Grouped,
  type UnknownGroup,
} from './words';

const WIDTH = 80;

/** For a terminal: what costs, what is free, what nobody knows, and the total with what it leaves out. */
export function asText(report: Report): string {
  const { environment, region, stacks, estimate, prices } = report;
  const groups = grouped(estimate.lines);
  const unknown = unknownGroups(estimate.lines);
  const sources = usedSources(prices, estimate.lines);
  return [
    `A month of environment ${environment} in ${region}`,
    ...wrapped(TERMS),
    ...(['source', 'target'] as const).flatMap((side) => [
      '',
      `Stack ${stacks[side]}`,
      ...rows(groups.filter(({ line }) => line.side === side)),
    ]),
    '',
    ...wrapped(totalText(estimate.total)),
    ...(unknown.length === 0 ? [] : ['', 'Unknown, and in no total:', ...unknown.flatMap(unknownRow)]),
    '',
    'Not made by the stacks, and in no total:',
    ...BESIDE.flatMap(noteRow),
    '',
    ...wrapped(SECOND_MONTH.text),
    `  ${SECOND_MONTH.look}`,
    '',
    'Prices:',
    ...(sources.length === 0 ? ['  none was known'] : sources.flatMap((one) => item(seenText(one), one.url))),
  ].join('\n');
}

/** The type once, and below it what of it costs; what is free in one line at the end. */
function rows(groups: readonly Grouped[]): string[] {
  const costly = groups.filter(({ line }) => line.amount.kind !== 'free');
  const free = groups.filter(({ line }) => line.amount.kind === 'free');
  const types = [...new Set(costly.map(({ line }) => line.type))];
  return [
    ...types.flatMap((type) => [`  ${type}`, ...costly.filter(({ line }) => line.type === type).map(row)]),
    ...(free.length === 0 ? [] : wrapped(`Free: ${free.map(freeText).join(', ')}.`, '  ', '    ')),
  ];
}

function row({ line, count, from, to }: Grouped): string {
  const left = `    ${line.what}${count > 1 ? `, ${count} of them` : ''} `;
  const right = line.amount.kind === 'priced' ? range({ from, to }) : amountText(line);
  return `${left}${right.padStart(Math.max(1, WIDTH - left.length))}`;
}

const freeText = ({ line: { type, what }, count }: Grouped): string =>
  (what === 'no charge of its own' ? type : `${type} (${what})`) + (count > 1 ? ` × ${count}` : '');

const unknownRow = ({ why, look, names }: UnknownGroup): string[] => item(`${why}: ${names.join('; ')}`, look);

const noteRow = ({ text, look }: Note): string[] => item(text, look);

const item = (text: string, url: string): string[] => [...wrapped(text, '  - ', '    '), `    ${url}`];

/** Addresses stand on lines of their own, as they must not be broken. */
function wrapped(text: string, first = '', others = first): string[] {
  const lines: string[] = [];
  let current = first;
  for (const word of text.split(' ')) {
    const isEmpty = current === first || current === others;
    if (!isEmpty && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = others + word;
    } else current += isEmpty ? word : ` ${word}`;
  }
  return [...lines, current];
}
