import { OperatorError } from '../errors/operator-error';
import { labDirectory } from './directory';
import { brokenNow, remember } from './faults/broken';
import type { Fault } from './faults/fault';
import { FAULTS } from './faults/faults';
import { labCommand } from './hints';
import { openLab, type Lab } from './lab';
import { assertUp } from './servers';
import { wrapped } from './wrapped';

/** Brings a fault about and says what was done, what one will see, and how to put it back. */
export async function breakSomething(
  words: readonly string[],
  { name, list }: { name: string; list?: boolean },
): Promise<void> {
  if (list === true || words.length === 0) {
    listFaults(name);
    return;
  }
  const { what, fault } = faultOf(words);
  const lab = openLab(name);
  const before = Object.keys(brokenNow(lab.directory));
  const inTheWay = fault.crash ? before.find((one) => one === what) : before[0];
  if (inTheWay !== undefined) throw brokenAlready(lab, inTheWay);
  const { did, see, back, facts } = await fault.bringAbout(lab);
  remember(lab.directory, what, facts);
  // Last, where it takes others: then the lab looks, and forgets the fault.
  const steps = [...(back ?? []), labCommand(lab.state.name, `heal ${what}`)];
  print('What was done:', sentences(did));
  print('What you will see:', sentences(see));
  print('How to put it back:', steps);
}

/** Puts back what `break` did. */
export async function heal(words: readonly string[], { name }: { name: string }): Promise<void> {
  const { what, fault } = faultOf(words);
  const lab = openLab(name);
  const facts = brokenNow(lab.directory)[what];
  if (facts === undefined) throw notBroken(lab, what);
  if (fault.crash === undefined) assertUp(lab);
  const did = await fault.heal(lab, facts);
  remember(lab.directory, what, null);
  print('What was done:', sentences(did));
}

/** Commands are printed as they are typed, sentences in lines that fit a terminal. */
function print(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log([title, ...lines.map((line) => `  ${line}`)].join('\n'));
}

const sentences = (all: readonly string[]): string[] => all.flatMap((sentence) => wrapped(sentence, 77));

/** Also where no lab is up. */
function listFaults(name: string): void {
  const broken = brokenNow(labDirectory(name));
  const width = Math.max(...Object.keys(FAULTS).map((what) => what.length));
  for (const [what, { about }] of Object.entries(FAULTS)) {
    console.log(`${what.padEnd(width)}  ${about}`);
    if (broken[what] !== undefined)
      console.log(`${' '.repeat(width)}  BROKEN NOW; put it back: ${labCommand(name, `heal ${what}`)}`);
  }
}

function faultOf(words: readonly string[]): { what: string; fault: Fault } {
  const what = words.join(' ');
  const fault = Object.entries(FAULTS).find(([name]) => name === what)?.[1];
  if (fault !== undefined) return { what, fault };
  const names = Object.keys(FAULTS).join(', ');
  throw new OperatorError({
    code: 'LAB_FAULT_UNKNOWN',
    seen: `"${what}" is nothing that the lab can break.`,
    why: 'Nothing was done.',
    next: `Give one of these: ${names}.`,
  });
}

function brokenAlready(lab: Lab, what: string): OperatorError {
  const { name } = lab.state;
  return new OperatorError({
    code: 'LAB_BROKEN_ALREADY',
    seen: `"${what}" is broken, and was not put back by the lab.`,
    why: 'One fault may hinder another, and of two at a time nobody can tell which one does what. Only a crash can come on top.',
    next: `Put it back first, which does no harm where somebody has done so already: npm run -s lab -- heal ${what} --name ${name}`,
  });
}

function notBroken(lab: Lab, what: string): OperatorError {
  const { name } = lab.state;
  return new OperatorError({
    code: 'LAB_NOT_BROKEN',
    seen: `"${what}" is not broken by the lab.`,
    why: 'There is nothing to put back.',
    next: `See what is: npm run -s lab -- break --list --name ${name}`,
  });
}
