import { readdirSync, readFileSync } from 'node:fs';

/** Command lines of all processes of the machine, as anybody on it could have seen them. */
export interface ProcessWatch {
  seen: ReadonlySet<string>;
  stop(): void;
}

/** Looks at the process list twenty times a second until it is stopped. */
export function watchProcesses(): ProcessWatch {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It has ended between the two calls.
      }
    }
  };
  look();
  const timer = setInterval(look, 50);
  return { seen, stop: () => clearInterval(timer) };
}
