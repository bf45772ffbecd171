import type { Lab } from '../../../lab/lab';

/** Leads this process's AWS calls and connections to a lab, as `eval "$(npm run -s lab -- env)"` does for a shell. */
export function useLab(lab: Lab): void {
  for (const [name, value] of Object.entries(lab.env)) {
    if (value === '') delete process.env[name];
    else process.env[name] = value;
  }
}
