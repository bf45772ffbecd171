import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrows } from '../../tools/arrows';
import { picture } from '../../tools/print-rooms';
import { ROOMS } from '../../tools/rooms';

export const ARCHITECTURE = join(__dirname, '..', '..', 'ARCHITECTURE.md');
const PART = /(<!-- rooms -->\n)[\s\S]*?(<!-- end of rooms -->)/;

/** ARCHITECTURE.md with its rooms as they are. */
export function architecture(): string {
  const text = readFileSync(ARCHITECTURE, 'utf8');
  if (!PART.test(text)) throw new Error('ARCHITECTURE.md has lost the place of its rooms: <!-- rooms -->');
  return text.replace(PART, (_, begin: string, end: string) => `${begin}\n${rooms()}\n\n${end}`);
}

function rooms(): string {
  const holds = ROOMS.map(({ room, holds }) => `- \`${room.endsWith('.ts') ? room : `${room}/`}\`: ${holds}`).reverse();
  return ['```', picture(arrows()), '```', '', ...holds].join('\n');
}
