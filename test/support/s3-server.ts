import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { endServer, listenLocally, portOf } from './local-server.js';

export interface StoredObject {
  readonly body: string;
  readonly mode: string;
  readonly until: Date;
}

const CREDENTIAL =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/u;
const digest = (algorithm: 'md5' | 'sha256', text: string) => createHash(algorithm).update(text);
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();

/** The part of S3 that takes locked objects: it looks at the signature, at the checksums and at the lock, as the real one does, and lets nothing be replaced. */
export class S3Server {
  readonly objects = new Map<string, StoredObject>();
  /** Answered in order before it works again. */
  readonly failures: { readonly status: number; readonly code: string }[] = [];
  private readonly server: Server;

  private constructor(
    private readonly accessKeyId: string,
    private readonly secret: string,
    private readonly region: string,
    private readonly now: () => Date,
  ) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const [status, code] = this.put(request, Buffer.concat(chunks).toString('utf8'));
        response.writeHead(status, { 'content-type': 'application/xml' });
        response.end(status === 200 ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
      });
    });
  }

  static async start(key: { accessKeyId: string; secret: string; region: string }, now: () => Date): Promise<S3Server> {
    const started = new S3Server(key.accessKeyId, key.secret, key.region, now);
    await listenLocally(started.server);
    return started;
  } // prettier-ignore

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  async close(): Promise<void> {
    await endServer(this.server);
  }

  private put(request: IncomingMessage, body: string): readonly [number, string] {
    const failure = this.failures.shift();
    if (failure) return [failure.status, failure.code];
    const of = (name: string) => String(request.headers[name] ?? '');
    if (request.method !== 'PUT') return [405, 'MethodNotAllowed'];
    if (!this.isSigned(request, body)) return [403, 'SignatureDoesNotMatch'];
    if (of('x-amz-content-sha256') !== digest('sha256', body).digest('hex')) return [400, 'XAmzContentSHA256Mismatch'];
    const [mode, until] = [of('x-amz-object-lock-mode'), new Date(of('x-amz-object-lock-retain-until-date'))];
    if (mode === '' || Number.isNaN(until.getTime()) || until <= this.now()) return [400, 'InvalidRequest'];
    if (of('content-md5') !== digest('md5', body).digest('base64')) return [400, 'BadDigest'];
    const name = request.url ?? '';
    const before = this.objects.get(name);
    if (before && before.body !== body) return [403, 'AccessDenied'];
    this.objects.set(name, { body, mode, until });
    return [200, ''];
  } // prettier-ignore

  private isSigned(request: IncomingMessage, body: string): boolean {
    const [, id, day = '', region = '', signed = '', signature] = CREDENTIAL.exec(request.headers.authorization ?? '') ?? [];
    const stamp = String(request.headers['x-amz-date'] ?? '');
    if (id !== this.accessKeyId || region !== this.region || !stamp.startsWith(day)) return false;
    const names = signed.split(';');
    // What decides who may do what has to be signed.
    const demanded = ['host', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date'];
    if (demanded.some((name) => !names.includes(name))) return false;
    const headers = names.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
    const canonical = ['PUT', request.url, '', headers, signed, digest('sha256', body).digest('hex')].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', stamp, `${day}/${region}/s3/aws4_request`, digest('sha256', canonical).digest('hex')].join('\n');
    const key = hmac(hmac(hmac(hmac(`AWS4${this.secret}`, day), region), 's3'), 'aws4_request');
    return hmac(key, toSign).toString('hex') === signature;
  } // prettier-ignore
}
