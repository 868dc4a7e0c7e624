import { createHash, createHmac } from 'node:crypto';

export interface AwsKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface AwsRequest {
  readonly method: 'POST' | 'PUT';
  /** From the root, percent-encoded as it is sent. */
  readonly path: string;
  readonly host: string;
  readonly region: string;
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: Date;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Headers of a request without a query, signed by AWS Signature Version 4 as AWS documents it; the given ones, with lower-case names, among them. */
export function awsHeaders(key: AwsKey, request: AwsRequest): Record<string, string> {
  const stamp = request.at.toISOString().replace(/[-:]|\.\d{3}/gu, '');
  const day = stamp.slice(0, 8);
  const headers: Record<string, string> = { ...request.headers, host: request.host, 'x-amz-date': stamp };
  if (key.sessionToken !== undefined) headers['x-amz-security-token'] = key.sessionToken;
  const names = Object.keys(headers).toSorted();
  const canonical = names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('');
  const signed = names.join(';');
  const wanted = [request.method, request.path, '', canonical, signed, sha256(request.body)].join('\n');
  const scope = `${day}/${request.region}/${request.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(wanted)].join('\n');
  const secret = [day, request.region, request.service, 'aws4_request'].reduce<Buffer | string>(
    (held, part) => hmac(held, part),
    `AWS4${key.secretAccessKey}`,
  );
  const signature = hmac(secret, toSign).toString('hex');
  const credential = `${key.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}
