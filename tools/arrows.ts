import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { ROOMS } from './rooms';

const PROJECT = dirname(__dirname);

/** Imports from one room into another, of types too. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly imports: number;
}

/** Every arrow between two rooms, read from the sources. @throws Error when a file is in no room */
export function arrows(): Arrow[] {
  const counts = new Map<string, number>();
  for (const { room } of ROOMS)
    for (const imported of filesOf(room).flatMap(importsOf)) {
      const arrow = `${room} ${roomOf(imported)}`;
      counts.set(arrow, (counts.get(arrow) ?? 0) + 1);
    }
  const all = [...counts].map(([arrow, imports]) => {
    const [from, to] = arrow.split(' ') as [string, string];
    return { from, to, imports };
  });
  const leading = all.filter(({ from, to }) => from !== to);
  return leading.sort((a, b) => floor(b.from) - floor(a.from) || floor(b.to) - floor(a.to));
}

/** Arrows that do not lead down, to a room that stands before theirs in the list. Without them nothing is circular. */
export function upward(all: readonly Arrow[]): Arrow[] {
  return all.filter(({ from, to }) => floor(from) <= floor(to));
}

const floor = (room: string): number => ROOMS.findIndex((other) => other.room === room);

function roomOf(file: string): string {
  const found = ROOMS.find(({ room }) => new RegExp(pathOf(room)).test(file));
  if (found === undefined) throw new Error(`${file} is in no room of tools/rooms.ts`);
  return found.room;
}

/** Paths from the project's root. */
export function filesOf(room: string): string[] {
  if (room.endsWith('.ts')) return [room];
  const names = readdirSync(join(PROJECT, room), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => posix.join(room, name));
  return files.filter((file) => new RegExp(pathOf(room)).test(file));
}

function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(PROJECT, file), 'utf8'), true, true);
  // What is no source is in no room: package.json has the version.
  const own = importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.') && !name.endsWith('.json'));
  return own.map((name) => `${posix.normalize(posix.join(posix.dirname(file), name))}.ts`);
}

/** A path of the room itself, as a regular expression: not of those that have a room of their own inside it. */
export function pathOf(room: string): string {
  const literal = room.replaceAll('.', '\\.');
  if (/\.\w+$/.test(room)) return `^${literal}$`;
  const inside = ROOMS.filter((other) => other.room.startsWith(`${room}/`)).map((other) =>
    other.room.slice(room.length + 1),
  );
  return inside.length === 0 ? `^${literal}/` : `^${literal}/(?!(${inside.join('|')})/)`;
}
