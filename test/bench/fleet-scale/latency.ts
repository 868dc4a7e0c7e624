import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { SystemClock } from '../../../src/cli/system-clock.js';
import { parseConfig } from '../../../src/config/config.js';
import { packageFolder } from '../../../src/config/package-folder.js';
import { CaseMessage } from '../../../src/domain/case-message.js';
import { SYSTEM } from '../../../src/domain/ledger-entry.js';
import { Model } from '../../../src/domain/model.js';
import { start, type RunningService } from '../../../src/main.js';
import { pinModelBaseline } from '../../../src/pipeline/pin-due-baselines.js';
import { lcg } from '../../../src/stats/lcg.js';
import { Log } from '../../../src/telemetry/log.js';
import { Metrics } from '../../../src/telemetry/metrics.js';
import { MailServer } from '../../support/mail-server.js';
import { SlackServer } from '../../support/slack-server.js';
import { endServer, listenLocally, portOf } from '../../support/local-server.js';
import { normals } from '../../support/random.js';

const MINUTE = 60_000;
const FEATURES = 5;
const REFERENCE_MINUTES = 90;
const EVERY_MS = 500;
/** As many as come live, so that nothing but the shift is told. */
const ROWS_A_MINUTE = MINUTE / EVERY_MS;
/** Minutes in which grace is learnt; the shift comes after them. */
const CALM_MINUTES = 3;
/** So long may the last message take. */
const LAST_MS = 60_000;
/** What the receiver reads of a message. */
const CaseEvent = z.object({ data: CaseMessage.pick({ model: true, findings: true }) });
const CHANNEL = 'C0ALERTS01';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** From the end of a one-minute window, ms, sorted. */
export interface Latencies {
  /** To its verdict in the store. */
  readonly verdicts: readonly number[];
  /** To the message about it. */
  readonly messages: readonly number[];
  /** The same over Slack's and over SMTP's wire. */
  readonly slack: readonly number[];
  readonly mail: readonly number[];
  /** From its verdict to the message. */
  readonly deliveries: readonly number[];
  /** How long the beats took that judged, ms, on average. */
  readonly beatMs: number;
  readonly longestStallMs: number;
  readonly shifted: number;
}

interface Heard {
  readonly at: number;
  readonly model: string;
  readonly from: number;
}

/** The service on the clock of this machine with rows in order; every model shifts once, and a webhook hears of it. */
export async function latencies(
  models: number,
  minutes: number,
  say: (text: string) => void,
): Promise<Latencies> {
  const heard: Heard[] = [];
  const receiver = await listen(heard);
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-latency-'));
  const url = `http://127.0.0.1:${portOf(receiver)}/`;
  const [slack, mail] = [await SlackServer.start({ channels: [CHANNEL] }), await MailServer.start()];
  await writeFile(
    join(directory, 'channels.yaml'),
    `channels: { default: [{ kind: webhook, url: "${url}", secret: "${SECRET}" }, { kind: slack, channel: ${CHANNEL} }, { kind: email, to: sre@example.org }] }`,
  );
  const app = await running(directory, { SLACK_API_URL: slack.url, SMTP_URL: mail.url });
  try {
    const stream = new Stream(app, models);
    await stream.reference();
    say('rows begin');
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    stalls.enable();
    await stream.live(minutes);
    say('rows end');
    for (let waited = 0; heard.length < models && waited < LAST_MS; waited += EVERY_MS) await sleep(EVERY_MS);
    stalls.disable();
    const posts = slack.visible(CHANNEL).map(({ ts, text }) => ({ at: 1000 * Number(ts), text }));
    return await measured(app, {
      heard,
      slack: sinceFound(heard, posts),
      mail: sinceFound(heard, mail.mails.map(({ at, raw }) => ({ at, text: raw }))), // prettier-ignore
      liveFrom: stream.liveFrom,
      shifted: models,
      stallMs: stalls.max / 1e6,
    });
  } finally {
    await app.close();
    await Promise.all([endServer(receiver), slack.stop(), mail.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

async function listen(heard: Heard[]) {
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { data } = CaseEvent.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const shift = data.findings.find(({ feature }) => feature === 'x0');
      if (shift?.foundAt && !heard.some(({ model }) => model === data.model))
        heard.push({ at: Date.now(), model: data.model, from: Date.parse(shift.foundAt) });
      response.writeHead(204).end();
    });
  });
  await listenLocally(receiver);
  return receiver;
}

/** From the end of the window that found it to the first text that names its model, ms. */
function sinceFound(
  heard: readonly Heard[],
  texts: readonly { readonly at: number; readonly text: string }[],
): readonly number[] {
  return heard.flatMap(({ model, from }) => {
    const first = texts.find(({ at, text }) => at >= from && new RegExp(`${model}\\b`, 'u').test(text));
    return first ? [first.at - from] : [];
  });
}

async function running(directory: string, wires: Readonly<Record<string, string>>): Promise<RunningService> {
  const config = parseConfig({
    PORT: '0',
    TIDEWATCH_DATA_DIR: directory,
    TIDEWATCH_MODELS_DIR: join(directory, 'models'),
    TIDEWATCH_POLICIES_DIR: join(packageFolder(), 'policies'),
    TIDEWATCH_CHANNELS_FILE: join(directory, 'channels.yaml'),
    TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8',
    TIDEWATCH_ADMIN_KEY: 'an-admin-key-for-the-bench-0123456789',
    SLACK_BOT_TOKEN: 'xoxb-test',
    SMTP_FROM: 'tidewatch@example.org',
    ...wires,
  });
  return start({
    config,
    clock: new SystemClock(),
    log: Log.silent(),
    metrics: new Metrics(),
    heartbeat: true,
  });
}

class Stream {
  liveFrom = 0;
  private readonly random = lcg(7);
  private readonly normal = normals(this.random);
  private sent = 0;

  constructor(
    private readonly app: RunningService,
    private readonly models: number,
  ) {}

  async reference(): Promise<void> {
    const { ledger, registry, stages } = this.app.service;
    const until = Math.floor(Date.now() / MINUTE) * MINUTE;
    const since = until - REFERENCE_MINUTES * MINUTE;
    for (let i = 0; i < this.models; i += 1) {
      const model = Model.parse({
        key: keyOf(i),
        task: 'regression',
        window: '1m',
        season: 'none',
        multivariate: { classifier: false },
      });
      await ledger.transact((now) => registry.register(model, SYSTEM, now));
      this.app.service.writer.rulesChanged();
      const count = REFERENCE_MINUTES * ROWS_A_MINUTE;
      await this.send(
        Array.from({ length: count }, (_, k) => this.row(i, since + (k * MINUTE) / ROWS_A_MINUTE, 0)),
      );
      const source = { since: new Date(since), until: new Date(until) };
      await pinModelBaseline(stages, model, { source, actor: SYSTEM });
    }
    for (const registered of registry.models()) await stages.references.of(registered);
  }

  /** Rows of now, in order, at a steady rate; one model after the other shifts at the start of a minute. */
  async live(minutes: number): Promise<void> {
    this.liveFrom = (Math.floor(Date.now() / MINUTE) + 1) * MINUTE;
    const end = this.liveFrom + minutes * MINUTE;
    const shiftAt = (i: number) =>
      this.liveFrom + (CALM_MINUTES + (i % Math.max(1, minutes - CALM_MINUTES - 1))) * MINUTE;
    for (let next = Date.now(); next < end;) {
      const rows: object[] = [];
      // Who was held up sends what is due meanwhile too: the volume stays what it was.
      for (const now = Date.now(); next <= now && next < end; next += EVERY_MS)
        for (let i = 0; i < this.models; i += 1) rows.push(this.row(i, next, next >= shiftAt(i) ? 4 : 0));
      if (rows.length > 0) await this.send(rows);
      await sleep(Math.max(0, next - Date.now()));
    }
  }

  private row(i: number, ts: number, shift: number): object {
    const features = Object.fromEntries(
      Array.from({ length: FEATURES }, (_, f) => [`x${f}`, this.normal() + (f === 0 ? shift : 0)]),
    );
    this.sent += 1;
    return { type: 'prediction', prediction_id: String(this.sent), model: keyOf(i), model_version: '1', ts: Math.floor(ts), features, prediction: { value: this.normal() } }; // prettier-ignore
  }

  private async send(rows: readonly object[]): Promise<void> {
    const body = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));
    const answer = await this.app.service.http.accept({ kind: null, body: (async function* () { yield body; })(), contentType: 'application/x-ndjson', encoding: null, idempotencyKey: null }); // prettier-ignore
    if (answer.accepted !== rows.length) throw new Error('the events of the benchmark were refused');
  }
}

const keyOf = (i: number) => `model-${i}`;

interface Found extends Pick<Latencies, 'slack' | 'mail'> {
  readonly heard: readonly Heard[];
  readonly liveFrom: number;
  readonly shifted: number;
  readonly stallMs: number;
}

async function measured(
  { service }: RunningService,
  { heard, slack, mail, liveFrom, shifted, stallMs }: Found,
): Promise<Latencies> {
  const rows = await service.database.query<{ model: string; to: number; at: number }>(
    `SELECT model, toUnixTimestamp(window_to) * 1000 AS to, toUnixTimestamp64Milli(min(evaluated_at)) AS at FROM windows
     WHERE track = 'inputs' AND window_from >= fromUnixTimestamp({since:Int64}) GROUP BY model, window_to`,
    { params: { since: (liveFrom + (CALM_MINUTES - 1) * MINUTE) / 1000 } },
  );
  const judgedAt = new Map(rows.map(({ model, to, at }) => [`${model}\0${to}`, at]));
  const beat = await service.options.metrics.text();
  const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
  const total = (name: string) => Number(new RegExp(`${name} ([0-9.e+]+)`, 'u').exec(beat)?.[1] ?? NaN);
  const own = 'window_judgement_delay_seconds';
  return {
    verdicts: sorted(rows.map(({ to, at }) => at - to)),
    messages: sorted(heard.map(({ at, from }) => at - from)),
    slack: sorted(slack),
    mail: sorted(mail),
    deliveries: sorted(heard.flatMap(({ at, model, from }) => { const judged = judgedAt.get(`${model}\0${from}`); return judged === undefined ? [] : [at - judged]; })), // prettier-ignore
    beatMs: (1000 * total(`${own}_sum`)) / total(`${own}_count`),
    longestStallMs: stallMs,
    shifted,
  };
}
