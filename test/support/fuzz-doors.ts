import { gzipSync } from 'node:zlib';
import { setTimeout as wait } from 'node:timers/promises';
import { hostileEvent } from '../ingest/hostile-event.js';
import { goldenCases } from './golden.js';
import { ADMIN_KEY, type Launched } from './launch.js';
import { mutate, type FuzzMessage } from './mutate.js';
import { seeded } from './random.js';

/** Kafka, or what stands for it. */
export interface KafkaDoor {
  send(messages: readonly FuzzMessage[]): Promise<void>;
  /** Records that are sent and not committed, by partition that has any. */
  behind(): Promise<readonly string[]>;
  /** Anything that went wrong in the reader, '' when nothing did. */
  trouble(): Promise<string>;
}

export interface DoorFuzz {
  readonly app: Launched;
  readonly kafka: KafkaDoor;
  readonly seed: number;
  /** Goes on until this says stop; asked once a round. */
  readonly more: (round: number) => boolean;
}

export interface DoorFuzzReport {
  readonly rounds: number;
  readonly messages: number;
  /** Answers over HTTP by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What must not be: a 500, a lag that stays, a list that cannot be read; with what was sent. */
  readonly findings: readonly string[];
}

const DOORS = ['/v1/predictions', '/v1/labels', '/v1/events', '/v1/cloudevents'] as const;
const TYPES = [
  'application/json',
  'application/x-ndjson',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'text/plain',
  'text/csv',
  '',
] as const;
const FORMATS = ['auto', 'kserve', 'sagemaker', 'databricks', 'mlflow', 'record', 'native'] as const;
const ROUND = 60;
const AT_ONCE = 15;
const CATCH_UP_MS = 30_000;
const SHOWN = 300;

/** Messages of every format: what the golden files hold, and native events from well-formed to garbage. */
export function corpus(random: () => number, now: number): readonly FuzzMessage[] {
  const golden = goldenCases().flatMap(({ messages }) =>
    messages.map(({ topic, value, key, headers }) => ({
      topic,
      value,
      key: key ?? null,
      headers: headers ?? new Map<string, Buffer>(),
      timestamp: now,
    })),
  );
  const native = Array.from({ length: golden.length }, () => ({
    topic: 'native',
    value: hostileEvent(random, now),
    key: null,
    headers: new Map<string, Buffer>(),
    timestamp: now,
  }));
  return [...golden, ...native];
}

/** Drives every door with every format, mutated; nothing sent may bring about an error of the service, or stop it. */
export async function fuzzDoors({ app, kafka, seed, more }: DoorFuzz): Promise<DoorFuzzReport> {
  const random = seeded(seed);
  const now = app.clock.now().getTime();
  const seeds = corpus(random, now);
  const statuses: Record<string, number> = {};
  const findings: string[] = [];
  let [rounds, messages] = [0, 0];
  while (more(rounds)) {
    rounds += 1;
    const batch = Array.from({ length: ROUND }, () => {
      const message = seeds[Math.floor(random() * seeds.length)] ?? seeds[0];
      if (!message) throw new Error('the corpus is empty');
      return random() < 0.2 ? message : mutate(random, message, seeds);
    });
    messages += 2 * batch.length;
    await kafka.send(batch);
    const requests = batch.map((message) => requestOf(random, message));
    for (let from = 0; from < requests.length; from += AT_ONCE) {
      const answers = requests.slice(from, from + AT_ONCE).map(async (request) => post(app, request));
      for (const { status, problem } of await Promise.all(answers)) {
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (problem) findings.push(`round ${rounds}: ${problem}`);
      }
    }
    findings.push(...(await standing(kafka)).map((problem) => `round ${rounds}: ${problem}`));
    if (rounds % 5 === 1)
      findings.push(...(await unreadable(app)).map((problem) => `round ${rounds}: ${problem}`));
  }
  return { rounds, messages, statuses, findings };
}

interface FuzzRequest {
  readonly door: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sent: Buffer;
  /** Before compression. */
  readonly body: Buffer;
}

/** A message as somebody's HTTP client might send it. */
function requestOf(random: () => number, message: FuzzMessage): FuzzRequest {
  const any = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  const door = any(DOORS);
  const body = message.value ?? Buffer.alloc(0);
  const packed = random() < 0.3;
  const own = [...message.headers].flatMap(([name, value]) => {
    const text = value.toString('latin1');
    return /^[!-9;-~]+$/u.test(name) && /^[\t -~]*$/u.test(text)
      ? [[name.replaceAll('_', '-'), text.trim()] as const]
      : [];
  });
  const headers: Record<string, string> = {
    ...Object.fromEntries(own.filter(([name]) => /^ce-|^x-/u.test(name))),
    'content-type': any(TYPES),
    authorization: `Bearer ${ADMIN_KEY}`,
    ...(packed ? { 'content-encoding': 'gzip' } : {}),
    ...(random() < 0.4 ? { 'tidewatch-format': any(FORMATS) } : {}),
    ...(random() < 0.3 ? { 'tidewatch-model': any(['credit-default', 'animal', 'nobody', '\t']) } : {}),
    ...(random() < 0.1
      ? { 'tidewatch-as-of': any(['+275760-09-13T00:00:00Z', '1901-01-01T00:00:00Z', 'never']) }
      : {}),
    ...(random() < 0.1
      ? { 'tidewatch-position': any(['file:a/0/1', 'file:%FF/65535/999999999999999', 'http/0/1']) }
      : {}),
    ...(random() < 0.1 ? { 'idempotency-key': any(['k', 'x'.repeat(300)]) } : {}),
  };
  if (headers['content-type'] === '') delete headers['content-type'];
  return { door, headers, body, sent: packed && random() < 0.9 ? gzipSync(body) : body };
}

async function post(
  app: Launched,
  { door, headers, sent, body }: FuzzRequest,
): Promise<{ readonly status: number; readonly problem: string | null }> {
  try {
    const response = await fetch(`${app.url}${door}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(sent),
    });
    const text = await response.text();
    // 503 says that the store is away, which it is not
    const wrong = response.status >= 500 || /Exception|\bat \S+:\d+:\d+|TypeError/u.test(text);
    const told = `${response.status} from ${door} ${JSON.stringify(headers)}: ${text.slice(0, SHOWN)} for ${shown(body)}`;
    return { status: response.status, problem: wrong ? told : null };
  } catch (error) {
    return { status: 0, problem: `no answer from ${door} (${String(error)}) for ${shown(body)}` };
  }
}

const shown = (bytes: Buffer): string =>
  `${bytes.subarray(0, SHOWN).toString('latin1')} (${bytes.length} bytes)`;

/** What of Kafka stands still although nothing is away. */
async function standing(kafka: KafkaDoor): Promise<readonly string[]> {
  for (const until = Date.now() + CATCH_UP_MS; ; await wait(100)) {
    const behind = await kafka.behind();
    const trouble = await kafka.trouble();
    if (trouble !== '') return [trouble];
    if (behind.length === 0) return [];
    if (Date.now() > until) return behind.map((place) => `a lag that stays: ${place}`);
  }
}

/** Lists that one odd row took away, and letters that cannot be sent again. */
async function unreadable(app: Launched): Promise<readonly string[]> {
  const problems: string[] = [];
  const attempt = async (name: string, work: () => Promise<unknown>) =>
    work().catch((error: unknown) => problems.push(`${name}: ${String(error).slice(0, SHOWN)}`));
  const nodes = 'topic partition offset kind model receivedAt code message raw replayedAt';
  await attempt('deadLetters', async () => app.query(`{ deadLetters(first: 200) { nodes { ${nodes} } } }`));
  await attempt('deadLetterCounts', async () => app.query('{ deadLetterCounts { code model count } }'));
  await attempt('deadLetterReplay', async () =>
    app.query(
      'mutation { deadLetterReplay(input: {filter: {codes: ["undecodable"]}}) { sent stored refused } }',
    ),
  );
  await attempt('the page', async () => {
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const response = await fetch(`${app.url}/dead-letters`, { headers });
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
    if (!(await response.text()).includes('By reason')) throw new Error('no table');
  });
  return problems;
}
