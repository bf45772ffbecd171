import { open, stat, unlink } from 'node:fs/promises';
import { OperatorError } from '../../errors/operator-error';

/**
 * Found out by opening it, before a long plan is made that could not be saved. Of
 * what is there already nothing changes, and what was not there is gone again.
 */
export async function assertPlanPlace(file: string): Promise<void> {
  try {
    const found = await statOf(file);
    if (found === null) return await tryNew(file);
    // Opening a pipe would wait for its reader.
    if (found.isFile() || found.isDirectory()) await (await open(file, 'r+')).close();
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

async function tryNew(file: string): Promise<void> {
  const made = await open(file, 'wx').catch((cause: unknown) => {
    // A link to what is not there yet.
    if (codeOf(cause) === 'EEXIST') return null;
    throw cause;
  });
  if (made === null) return;
  await made.close();
  await unlink(file);
}

async function statOf(file: string) {
  return stat(file).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return null;
    throw cause;
  });
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? '';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'its folder, or the file, does not let you write',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'no space is left',
  ENOTDIR: 'a part of the path is no folder',
  EROFS: 'that place is read-only',
};

export function unwritable(file: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'PLAN_FILE_UNWRITABLE',
    seen: `${file} cannot be written: ${REASONS[codeOf(cause)] ?? (cause as Error).message}`,
    why: 'the plan is not saved, and only a saved plan can be applied exactly as it was reviewed',
    next: 'name a file in a folder that exists, lets you write and has room, and make the plan again',
    cause,
  });
}
