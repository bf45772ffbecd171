import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** Whatever was started with a path below the folder, or with the folder as its place for temporary files: jest's workers too. */
export function processesOf(folder: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((entry) => {
      const args = textOf(`/proc/${entry}/cmdline`);
      const ours = args.includes(folder) || textOf(`/proc/${entry}/environ`).split('\0').includes(`TMPDIR=${folder}`);
      return ours ? [{ pid: Number(entry), command: args.split('\0').join(' ').trim() }] : [];
    })
    .filter(({ command }) => command !== '');
}

/** Empty for a process that has ended meanwhile, or belongs to somebody else. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
