import { eventually } from '../support/eventually';
import { processesOf } from './processes';
import { filesIn } from './scratch';
import { orphanedSegments } from './segments';

/** What is still there of a run: processes, files and shared memory. What ends by itself has a moment to do so. */
export async function leftBehind(folder: string, patience = 30_000): Promise<string[]> {
  let left: string[] = [];
  const nothing = () => Promise.resolve((left = lookAt(folder)).length === 0);
  await eventually(nothing, patience).catch(() => undefined);
  return left;
}

function lookAt(folder: string): string[] {
  const before = new Set((process.env.SEGMENTS_BEFORE ?? '').split(' '));
  const segments = orphanedSegments().filter((id) => !before.has(id));
  return [
    // Jest's own are about to end.
    ...processesOf(folder)
      .filter(({ command }) => !command.includes('jest'))
      .map(({ pid, command }) => `process ${pid}: ${command}`),
    ...filesIn(folder).map((name) => `file ${name}`),
    ...segments.map((id) => `shared memory ${id}`),
  ];
}
