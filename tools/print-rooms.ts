import { arrows, filesOf, upward, type Arrow } from './arrows';
import { ROOMS } from './rooms';

/** `npm run rooms`: each room, how many files it has and how many imports lead where; 1 when one leads up. */
function main(): void {
  const all = arrows();
  console.log(picture(all, true));
  const wrong = upward(all);
  for (const { from, to } of wrong) console.log(`UP: ${from} ─▶ ${to}`);
  console.log(`\n${ROOMS.length} rooms, ${all.length} arrows, ${wrong.length} of them up`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

/** One line a room, the highest first, with the rooms that it imports, the nearest first. */
export function picture(all: readonly Arrow[], counted = false): string {
  const width = Math.max(...ROOMS.map(({ room }) => room.length));
  const lines = [...ROOMS].reverse().map(({ room }) => {
    const size = counted ? `${filesOf(room).length} files`.padStart(10) : '';
    const led = all
      .filter(({ from }) => from === room)
      .map(({ to, imports }) => `${short(to, room)}${counted ? ` ${imports}` : ''}`);
    return `${room.padEnd(width)}${size}${led.length === 0 ? '' : ` ─▶ ${led.join(', ')}`}`.trimEnd();
  });
  return lines.join('\n');
}

/** Without the house that both stand in. */
function short(room: string, beside: string): string {
  const house = `${beside.split('/')[0]}/`;
  return room.startsWith(house) ? room.slice(house.length) : room;
}

if (require.main === module) main();
