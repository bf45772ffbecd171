import { Narrator } from '../../../lab/demo/narrator';

test('titles and what is said of a step fit 80 columns; a path stays whole, and a line of its own as it is', async () => {
  const lines: string[] = [];
  const narrator = new Narrator((line) => void lines.push(line));
  const path = `/${'p'.repeat(90)}`;
  await narrator.step('title '.repeat(20), async (say) => {
    say('word '.repeat(30));
    say(`in ${path} now`);
  });
  narrator.line('x'.repeat(90));
  expect(lines.filter((line) => line.length > 80)).toEqual([`    ${path}`, 'x'.repeat(90)]);
  expect(lines.join(' ').match(/title/g)).toHaveLength(20);
  expect(lines.join(' ').match(/word/g)).toHaveLength(30);
  expect(lines.slice(1).every((line) => /^( {4}|x)/.test(line))).toBe(true);
});
