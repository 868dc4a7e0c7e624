import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer as bytesOf, text as textOf } from 'node:stream/consumers';
import { blocksProblem } from './slack-limits.js';
import { endServer, listenLocally, portOf } from './local-server.js';

export interface SlackPost {
  readonly ts: string;
  readonly channel: string;
  text: string;
  blocks: unknown[];
  readonly threadTs: string | null;
  readonly broadcast: boolean;
  readonly metadata: {
    readonly event_type: string;
    readonly event_payload: Readonly<Record<string, unknown>>;
  } | null;
  edits: number;
}

/** What goes wrong with one call: done and then failed, done and never answered, done and cut off, or not done at all. */
export type SlackFault =
  | 'accept-then-500'
  | 'accept-then-hang'
  | 'accept-then-reset'
  | 'fail-500'
  | { readonly error: string }
  | { readonly retryAfter: number };

export interface SlackServerOptions {
  readonly channels: readonly string[];
  readonly token?: string;
  /** Tokens of each channel's bucket and its clock in milliseconds; one token comes back each second. Default: no limit. */
  readonly burst?: number;
  readonly now?: () => number;
}

type Form = Readonly<Record<string, string | undefined>>;
type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

/** Slack as the wire sees it: forms in, JSON out, its limits, its error codes, its rate limit, and failures on demand. */
export class SlackServer {
  readonly posts: SlackPost[] = [];
  /** Files that were shared, with the thread that they are in. */
  readonly files: { readonly channel: string; readonly threadTs: string; readonly bytes: Buffer }[] = [];
  private readonly uploads = new Map<string, Buffer>();
  readonly calls: { readonly method: string; readonly form: Form }[] = [];
  private readonly faults = new Map<string, SlackFault[]>();
  private readonly buckets = new Map<string, { tokens: number; at: number }>();
  private lastTs = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: SlackServerOptions,
  ) {}

  static async start(options: SlackServerOptions): Promise<SlackServer> {
    const server = createServer();
    const slack = new SlackServer(server, options);
    server.on('request', (request, response) => void slack.take(request, response));
    await listenLocally(server);
    return slack;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}/api/`;
  }

  /** The next calls of a method meet these faults, one each. */
  fail(method: string, ...faults: SlackFault[]): void {
    this.faults.set(method, [...(this.faults.get(method) ?? []), ...faults]);
  }

  /** What a person looking at the channel sees: top-level messages and notes sent to all, oldest first. */
  visible(channel: string): readonly SlackPost[] {
    return this.posts.filter(
      (post) => post.channel === channel && (post.threadTs === null || post.broadcast),
    );
  }

  thread(ts: string): readonly SlackPost[] {
    return this.posts.filter(({ threadTs }) => threadTs === ts);
  }

  /** Delivery ids that stand in Slack more than once. */
  duplicates(): readonly string[] {
    const ids = this.posts
      .flatMap(({ metadata }) => metadata?.event_payload['delivery_id'] ?? [])
      .map(String);
    return ids.filter((id, index) => ids.indexOf(id) !== index);
  }

  /** Somebody deletes a message by hand. */
  remove(ts: string): void {
    const index = this.posts.findIndex((post) => post.ts === ts);
    if (index >= 0) this.posts.splice(index, 1);
  }

  async stop(): Promise<void> {
    await endServer(this.server);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = (request.url ?? '').replace('/api/', '');
    const upload = /^\/upload\/(\w+)$/u.exec(method)?.[1];
    if (upload !== undefined) return this.upload(upload, request, response);
    const form: Form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    this.calls.push({ method, form });
    const fault = this.faults.get(method)?.shift();
    if (typeof fault === 'object' && 'retryAfter' in fault) return limited(response, fault.retryAfter);
    if (fault === 'fail-500') return void response.writeHead(500).end('failed');
    if (typeof fault === 'object') return respond(response, { ok: false, error: fault.error });
    const wait = method === 'chat.postMessage' ? this.spend(form['channel'] ?? '') : 0;
    if (wait > 0) return limited(response, wait);
    const answer = this.answer(method, form, request.headers.authorization);
    if (fault === 'accept-then-500') return void response.writeHead(500).end('failed');
    if (fault === 'accept-then-reset') return void response.socket?.resetAndDestroy();
    if (fault !== 'accept-then-hang') respond(response, answer);
  }

  private answer(method: string, form: Form, authorization: string | undefined): Answer {
    if (authorization !== `Bearer ${this.options.token ?? 'xoxb-test'}`) return refused('invalid_auth');
    if (method === 'auth.test')
      return { ok: true, url: this.url, team_id: 'T1', user_id: 'U1', bot_id: 'B1' };
    if (method === 'files.getUploadURLExternal') return this.address(form);
    const channel = form['channel'] ?? form['channel_id'] ?? '';
    if (!this.options.channels.includes(channel)) return refused('channel_not_found');
    if (method === 'files.completeUploadExternal') return this.share(form);
    switch (method) {
      case 'chat.postMessage':
        return this.post(form);
      case 'chat.update':
        return this.update(form);
      case 'conversations.info':
        return { ok: true, channel: { id: channel, is_archived: false } };
      case 'conversations.history':
        return this.page(form, (post) => post.threadTs === null || post.broadcast);
      case 'conversations.replies':
        return this.replies(form);
      default:
        return refused('unknown_method');
    }
  }

  private address({ filename, length }: Form): Answer {
    if (!filename || !(Number(length) > 0)) return refused('invalid_arguments');
    const id = `F${this.uploads.size + 1}`;
    this.uploads.set(id, Buffer.alloc(0));
    return { ok: true, upload_url: `${new URL(this.url).origin}/upload/${id}`, file_id: id };
  }

  private async upload(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.uploads.set(id, await bytesOf(request));
    response.writeHead(200).end('OK');
  }

  private share(form: Form): Answer {
    const [file] = JSON.parse(form['files'] ?? '[]') as { id: string }[];
    const bytes = this.uploads.get(file?.id ?? '');
    const threadTs = form['thread_ts'] ?? '';
    if (!bytes?.length) return refused('file_not_found');
    if (!this.posts.some(({ ts }) => ts === threadTs)) return refused('thread_not_found');
    this.files.push({ channel: form['channel_id'] ?? '', threadTs, bytes });
    return { ok: true, files: [{ id: file?.id }] };
  }

  private post(form: Form): Answer {
    const problem = contentProblem(form);
    if (problem) return refused(problem);
    const threadTs = form['thread_ts'] ?? null;
    const post: SlackPost = {
      ts: this.nextTs(),
      channel: form['channel'] ?? '',
      text: form['text'] ?? '',
      blocks: JSON.parse(form['blocks'] ?? '[]') as unknown[],
      threadTs,
      broadcast: threadTs !== null && form['reply_broadcast'] === 'true',
      metadata:
        form['metadata'] === undefined ? null : (JSON.parse(form['metadata']) as SlackPost['metadata']),
      edits: 0,
    };
    this.posts.push(post);
    return { ok: true, channel: post.channel, ts: post.ts, message: { text: post.text } };
  }

  /** Slack's clock as the channel shows it: seconds with six decimals, never the same twice. */
  private nextTs(): string {
    const micros = Math.max((this.options.now?.() ?? Date.now()) * 1_000, this.lastTs + 100);
    this.lastTs = micros;
    return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
  }

  private update(form: Form): Answer {
    const post = this.posts.find(({ ts, channel }) => ts === form['ts'] && channel === form['channel']);
    if (!post) return refused('message_not_found');
    const problem = contentProblem(form);
    if (problem) return refused(problem);
    post.text = form['text'] ?? '';
    post.blocks = JSON.parse(form['blocks'] ?? '[]') as unknown[];
    post.edits += 1;
    return { ok: true, channel: post.channel, ts: post.ts, text: post.text };
  }

  private replies(form: Form): Answer {
    const root = form['ts'];
    if (!this.posts.some(({ ts }) => ts === root)) return refused('thread_not_found');
    return this.page(form, (post) => post.ts === root || post.threadTs === root);
  }

  private page(form: Form, belongs: (post: SlackPost) => boolean): Answer {
    const oldest = Number(form['oldest'] ?? 0);
    const limit = Number(form['limit'] ?? 100);
    const start = Number(form['cursor'] ?? 0);
    const found = this.posts
      .filter((post) => post.channel === form['channel'] && belongs(post) && Number(post.ts) >= oldest)
      .toReversed();
    const withMetadata = form['include_all_metadata'] === 'true';
    const messages = found.slice(start, start + limit).map(({ ts, text, metadata }) => {
      return { type: 'message', ts, text, ...(withMetadata && metadata ? { metadata } : {}) };
    });
    const more = found.length > start + limit;
    return {
      ok: true,
      messages,
      has_more: more,
      response_metadata: { next_cursor: more ? String(start + limit) : '' },
    };
  }

  /** Takes one token of the channel's bucket; answers the seconds to wait when it is empty. */
  private spend(channel: string): number {
    const { burst, now = Date.now } = this.options;
    if (burst === undefined) return 0;
    const at = now();
    const bucket = this.buckets.get(channel) ?? { tokens: burst, at };
    const tokens = Math.min(burst, bucket.tokens + (at - bucket.at) / 1_000);
    this.buckets.set(channel, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    return tokens >= 1 ? 0 : Math.ceil(1 - tokens);
  }
}

function contentProblem(form: Form): string | null {
  if (!form['text'] && !form['blocks']) return 'no_text';
  if ((form['text']?.length ?? 0) > 40_000) return 'msg_too_long';
  return form['blocks'] === undefined ? null : blocksProblem(form['blocks']);
}

function refused(error: string): Answer {
  return { ok: false, error };
}

function respond(response: ServerResponse, answer: Answer): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function limited(response: ServerResponse, seconds: number): void {
  response.writeHead(429, { 'retry-after': String(seconds) }).end(JSON.stringify(refused('ratelimited')));
}
