import { BESIDE, SECOND_MONTH } from './estimate/beside';
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

/** For a pull request: the total, one table, and what it leaves out; what seldom changes folded away. */
export function asMarkdown({ environment, region, stacks, estimate, prices }: Report): string {
  const groups = grouped(estimate.lines);
  const costly = groups.filter(({ line }) => line.amount.kind !== 'free');
  const free = groups.filter(({ line }) => line.amount.kind === 'free');
  const unknown = unknownGroups(estimate.lines);
  const sources = usedSources(prices, estimate.lines);
  return [
    `### A month of environment \`${environment}\` in ${region}`,
    '',
    `**${totalText(estimate.total)}** ${TERMS}`,
    '',
    '| Stack | Resource | What | USD a month |',
    '| --- | --- | --- | ---: |',
    ...costly.map((group) => `| ${stacks[group.line.side]} | ${cells(group)} |`),
    `| | | **Total of what is known** | **${estimate.total.isKnown ? range(estimate.total) : 'none'}** |`,
    ...(unknown.length === 0 ? [] : ['', 'Unknown, and in no total:', '', ...unknown.map(unknownItem)]),
    '',
    ...folded('Free', free.map(freeItem)),
    ...folded(
      'Not made by the stacks, and in no total',
      BESIDE.map(({ text, look }) => `- ${cell(text)} ${link(look)}`),
    ),
    ...folded(
      'Prices',
      sources.length === 0 ? ['- none was known'] : sources.map((one) => `- ${cell(seenText(one))} ${link(one.url)}`),
    ),
    `${SECOND_MONTH.text} ${link(SECOND_MONTH.look)}`,
  ].join('\n');
}

function cells({ line, count, from, to }: Grouped): string {
  const amount = line.amount.kind === 'priced' ? range({ from, to }) : amountText(line);
  return [`\`${line.type}\`${count > 1 ? ` × ${count}` : ''}`, cell(line.what), amount].join(' | ');
}

const unknownItem = ({ why, look, names }: UnknownGroup): string =>
  `- ${why}: ${names.map(cell).join('; ')} ${link(look)}`;

const freeItem = ({ line, count }: Grouped): string =>
  `- \`${line.type}\`${count > 1 ? ` × ${count}` : ''}: ${cell(line.what)} ${link(line.amount.kind === 'free' ? line.amount.source : '')}`;

const folded = (title: string, items: readonly string[]): string[] => [
  `<details><summary>${title}</summary>`,
  '',
  ...items,
  '',
  '</details>',
  '',
];

const link = (url: string): string => `([source](${url}))`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
