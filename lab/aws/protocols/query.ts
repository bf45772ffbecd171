import { randomUUID } from 'node:crypto';
import type { AwsError } from '../aws-error';
import type { HttpAnswer } from '../operation';
import { toXml, type XmlValue } from './xml';

/** The AWS query protocol (RDS, STS): a form goes in, XML comes out. */
export interface QueryRequest {
  readonly action: string;
  readonly version: string;
  readonly form: URLSearchParams;
}

export function parseQuery(body: string): QueryRequest {
  const form = new URLSearchParams(body);
  return { action: form.get('Action') ?? '', version: form.get('Version') ?? '', form };
}

/** The members of a list parameter: `Filters.Filter.1.Name`, `.2.Name` and so on, in order. */
export function formList(form: URLSearchParams, prefix: string): string[] {
  const values: string[] = [];
  for (let index = 1; form.has(`${prefix}.${index}`); index += 1) values.push(form.get(`${prefix}.${index}`) ?? '');
  return values;
}

export function queryAnswer(namespace: string, action: string, result: XmlValue): HttpAnswer {
  const tree = { [`${action}Result`]: result ?? {}, ResponseMetadata: { RequestId: randomUUID() } };
  return { status: 200, contentType: 'text/xml', body: toXml(`${action}Response`, tree, ` xmlns="${namespace}"`) };
}

/** EC2 has a dialect of its own: its answers have no `…Result` around them (EC2 query protocol). */
export function ec2Answer(namespace: string, action: string, result: XmlValue): HttpAnswer {
  const tree = { requestId: randomUUID(), ...(result as Record<string, XmlValue>) };
  return { status: 200, contentType: 'text/xml', body: toXml(`${action}Response`, tree, ` xmlns="${namespace}"`) };
}

export function ec2Failure({ code, message, status }: AwsError): HttpAnswer {
  const tree = { Errors: { Error: { Code: code, Message: message } }, RequestID: randomUUID() };
  return { status, contentType: 'text/xml', body: toXml('Response', tree) };
}

export function queryFailure(namespace: string, error: AwsError): HttpAnswer {
  const tree = {
    Error: { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message },
    RequestId: randomUUID(),
  };
  return { status: error.status, contentType: 'text/xml', body: toXml('ErrorResponse', tree, ` xmlns="${namespace}"`) };
}
