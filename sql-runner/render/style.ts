import pico from 'picocolors';
import type { Action } from '../model/change';

/** Colours for one output stream; none when it is no terminal or NO_COLOR is set. */
export type Style = ReturnType<typeof pico.createColors>;

export function styleFor(stream: NodeJS.WriteStream, noColor: boolean): Style {
  return pico.createColors(!noColor && stream.isTTY === true && process.env.NO_COLOR === undefined);
}

const SYMBOLS: Record<Action, string> = { create: '+', update: '~', delete: '-', replace: '-/+' };

export function symbol(action: Action, style: Style): string {
  const paint = { create: style.green, update: style.yellow, delete: style.red, replace: style.magenta }[action];
  return paint(SYMBOLS[action]);
}
