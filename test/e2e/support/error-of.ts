import { OperatorError } from '../../../errors/operator-error';

/** The error that an operator would see, with the advice that it prints. */
export async function errorOf(work: Promise<unknown>): Promise<{ code: string; next: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
