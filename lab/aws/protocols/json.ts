import { AwsError } from '../aws-error';
import type { HttpAnswer } from '../operation';

/** The AWS JSON 1.1 protocol (SSM, Secrets Manager): the operation is in `X-Amz-Target`. */
const CONTENT_TYPE = 'application/x-amz-json-1.1';

export function parseJsonBody(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Falls through to the error that AWS has for it.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
}

export function jsonAnswer(result: unknown): HttpAnswer {
  return { status: 200, contentType: CONTENT_TYPE, body: JSON.stringify(result ?? {}) };
}

export function jsonFailure(error: AwsError): HttpAnswer {
  const body = JSON.stringify({ __type: error.code, message: error.message, Message: error.message });
  return { status: error.status, contentType: CONTENT_TYPE, body };
}
