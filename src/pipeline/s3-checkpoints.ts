import { createHash } from 'node:crypto';
import { claimedSize } from '../ledger/checkpoint.js';
import type { CheckpointSink, DatedCheckpoint } from '../ledger/checkpoint-history.js';
import type { HttpSender } from '../notify/http-sender.js';
import { awsHeaders, type AwsKey } from '../retraining/aws-signature.js';

/** A bucket with object lock, and who may put into it. */
export interface LockedBucket {
  /** Address of the bucket in path style, and behind it what names begin with: `https://s3.eu-central-1.amazonaws.com/bucket/prefix`. */
  readonly url: string;
  readonly region: string;
  /** As it is now. */
  readonly key: () => AwsKey;
  /** How long nobody can delete or replace a checkpoint, ms. */
  readonly keepMs: number;
}

const ERROR_CODE = /<Code>([^<]{1,100})<\/Code>/u;

/**
 * Puts every checkpoint into a bucket as an object of its own, locked in compliance mode: until its day nobody takes it away, whoever has the keys of this service or of
 * the account. Needs s3:PutObject and s3:PutObjectRetention and nothing else.
 */
export class S3Checkpoints implements CheckpointSink {
  constructor(
    private readonly bucket: LockedBucket,
    private readonly http: Pick<HttpSender, 'send'>,
  ) {}

  readonly publish = async (checkpoint: DatedCheckpoint, now: Date): Promise<string | null> => {
    const url = new URL(`${this.bucket.url.replace(/\/+$/u, '')}/${objectName(checkpoint)}`);
    const { note: body } = checkpoint;
    const headers = this.headersOf(url, body, now);
    const result = await this.http.send({ method: 'PUT', url: url.href, headers, body }, now);
    const place = `${url.host}${url.pathname}`;
    if (result.kind !== 'response') return `${place}: ${result.error}`;
    if (result.status >= 200 && result.status < 300) return null;
    const code = ERROR_CODE.exec(result.body)?.[1];
    return `${place}: ${result.status}${code === undefined ? '' : ` ${code}`}`;
  };

  private headersOf(url: URL, body: string, now: Date): Record<string, string> {
    const { region, key, keepMs } = this.bucket;
    return awsHeaders(key(), {
      method: 'PUT',
      path: url.pathname,
      host: url.host,
      region,
      service: 's3',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        // Stores take a lock only with one of their checksums.
        'content-md5': createHash('md5').update(body).digest('base64'),
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
        'x-amz-object-lock-mode': 'COMPLIANCE',
        'x-amz-object-lock-retain-until-date': new Date(now.getTime() + keepMs).toISOString(),
      },
      body,
      at: now,
    });
  }
}

/** Names that sort by size: the same checkpoint has the same name however often it is tried. */
function objectName({ at, note }: DatedCheckpoint): string {
  const size = `${claimedSize(note)}`.padStart(12, '0');
  return `${size}-${at.replaceAll(/[-:]|\.\d+/gu, '')}.checkpoint`;
}
