import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { openCheckpoint } from '../../src/ledger/checkpoint.js';
import { verifyConsistency } from '../../src/ledger/merkle-proof.js';
import { endServer, listenLocally, portOf } from './local-server.js';

interface Seen {
  readonly size: number;
  readonly root: string;
}

const EMPTY = createHash('sha256').digest('hex');

/** A witness of one log (C2SP tlog-witness and tlog-cosignature, Ed25519), written after the specifications: it remembers the last checkpoint that it cosigned. */
export class WitnessServer {
  /** Its verifier key, of kind 4. */
  readonly key: string;
  /** Requests so far, by the old size that they named. */
  readonly asked: number[] = [];
  seen: Seen = { size: 0, root: EMPTY };
  private readonly server: Server;
  private readonly pair = generateKeyPairSync('ed25519');
  private readonly id: Buffer;

  private constructor(
    private readonly name: string,
    private readonly logKey: string,
    private readonly now: () => Date,
  ) {
    const raw = this.pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    this.id = createHash('sha256').update(`${name}\n`).update(Buffer.from([4])).update(raw).digest().subarray(0, 4);
    this.key = `${name}+${this.id.toString('hex')}+${Buffer.concat([Buffer.from([4]), raw]).toString('base64')}`;
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const isKnown = request.method === 'POST' && request.url === '/w/add-checkpoint';
        const [status, body, type] = isKnown ? this.add(Buffer.concat(chunks).toString('utf8')) : [405, '', 'text/plain'];
        response.writeHead(status, { 'content-type': type }).end(body);
      });
    });
  } // prettier-ignore

  static async start(name: string, logKey: string, now: () => Date): Promise<WitnessServer> {
    const started = new WitnessServer(name, logKey, now);
    await listenLocally(started.server);
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}/w`;
  }

  async close(): Promise<void> {
    await endServer(this.server);
  }

  private add(text: string): readonly [number, string, string] {
    const end = text.indexOf('\n\n');
    const [first = '', ...proof] = text.slice(0, end).split('\n');
    const note = text.slice(end + 2);
    const old = /^old (0|[1-9]\d*)$/u.exec(first)?.[1];
    if (old === undefined || proof.length > 63) return [400, '', 'text/plain'];
    this.asked.push(Number(old));
    const head = this.opened(note);
    if (!head) return [403, '', 'text/plain'];
    if (Number(old) > head.size) return [400, '', 'text/plain'];
    if (Number(old) !== this.seen.size) return [409, `${this.seen.size}\n`, 'text/x.tlog.size'];
    if (Number(old) === head.size && head.root !== this.seen.root) return [409, '', 'text/plain'];
    const hashes = proof.map((line) => Buffer.from(line, 'base64'));
    const [olderRoot, newerRoot] = [this.seen.root, head.root].map((root) => Buffer.from(root, 'hex'));
    const claim = { older: this.seen.size, olderRoot: olderRoot!, newer: head.size, newerRoot: newerRoot!, proof: hashes };
    if (!verifyConsistency(claim)) return [422, '', 'text/plain'];
    this.seen = head;
    return [200, this.line(note.slice(0, note.indexOf('\n\n') + 1)), 'text/plain'];
  } // prettier-ignore

  private opened(note: string): Seen | null {
    try {
      return openCheckpoint(note, this.logKey);
    } catch {
      return null;
    }
  }

  private line(body: string): string {
    const seconds = Math.floor(this.now().getTime() / 1000);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(seconds));
    const signature = sign(
      null,
      Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`),
      this.pair.privateKey,
    );
    return `\u2014 ${this.name} ${Buffer.concat([this.id, time, signature]).toString('base64')}\n`;
  }
}
