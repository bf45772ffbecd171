import type { Lab } from '../lab';

/** What healing needs to know of what was done. */
export type Facts = Readonly<Record<string, string>>;

/** A fault that was brought about, in words for people. */
export interface Broken {
  /** What was done, each a sentence. */
  readonly did: readonly string[];
  /** What one will see after it, with the codes that sql-runner gives it. */
  readonly see: readonly string[];
  /** Commands that put it back, where `lab heal` alone cannot. */
  readonly back?: readonly string[];
  readonly facts: Facts;
}

/** Something that goes wrong in production, brought about on purpose so that people can practise. */
export interface Fault {
  /** For the list: what happens. */
  readonly about: string;
  /** A server ends: it can come on top of another fault, and healing needs no server. */
  readonly crash?: true;
  bringAbout(lab: Lab): Promise<Broken>;
  /** Puts it back. Does no harm where somebody has done so already. @returns what was done, in sentences */
  heal(lab: Lab, facts: Facts): Promise<readonly string[]>;
}
