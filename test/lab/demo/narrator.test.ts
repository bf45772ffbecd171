import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { Narrator } from '../../../lab/demo/narrator';

test.each([true, false])(
  'what is said fits 80 columns; a path and a line of its own stay whole; colour: %s',
  async (colour) => {
    const lines: string[] = [];
    const say = (line: string) => void lines.push(stripVTControlCharacters(line));
    const narrator = new Narrator(say, createColors(colour));
    const path = `/${'p'.repeat(90)}`;
    await narrator.step('title '.repeat(20), async (tell) => {
      tell('word '.repeat(30));
      tell(`in ${path} now`);
    });
    narrator.line('x'.repeat(90));
    expect(lines.filter((line) => line.length > 80)).toEqual([`    ${path}`, 'x'.repeat(90)]);
    expect(lines.join(' ').match(/title/g)).toHaveLength(20);
    expect(lines.join(' ').match(/word/g)).toHaveLength(30);
    expect(lines.slice(1).every((line) => /^( {4}|x)/.test(line))).toBe(true);
  },
);
