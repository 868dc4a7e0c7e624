import { SYSTEM } from '../../../src/domain/ledger-entry.js';
import { Model } from '../../../src/domain/model.js';
import { pinModelBaseline } from '../../../src/pipeline/pin-due-baselines.js';
import { lcg } from '../../../src/stats/lcg.js';
import { launch, type Launched } from '../../support/launch.js';
import { normals } from '../../support/random.js';

export const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const FEATURES = 10;
const REFERENCE_HOURS = 24;
/** Enough for the reference to teach rules about its rows. */
const REFERENCE_ROWS = 45;
export const ROWS = 30;
const EVENTS_AT_ONCE = 20_000;
export const VERSION = '1';

export const keyOf = (i: number) => `model-${i}`;

/** A fleet of models that have the same reference under names of their own, in a service of its own. */
export class Fleet {
  private readonly random = lcg(42);
  private readonly normal = normals(this.random);
  private hour = REFERENCE_HOURS;
  private sent = 0;

  private constructor(
    readonly app: Launched,
    readonly size: number,
    private readonly minutely: number,
  ) {}

  /** Registers the models, freezes the reference of one and gives it to all others; the first `minutely` of them have windows of a minute, and no reference. */
  static async of(size: number, minutely = 0): Promise<Fleet> {
    const app = await launch({
      now: new Date(START),
      environment: { TIDEWATCH_NEW_VERSIONS_PER_DAY: '100' },
    });
    const fleet = new Fleet(app, size, minutely);
    await fleet.register();
    await fleet.reference();
    return fleet;
  }

  /** Where its clock stands, epoch ms. */
  get now(): number {
    return this.app.clock.now().getTime();
  }

  /** `ROWS` events of every model in the minute `minute` of the hour under way. */
  async news(minute: number): Promise<void> {
    const from = START + this.hour * HOUR + minute * 60_000;
    this.app.clock.set(new Date(from + 60_000));
    for (let i = 0; i < this.size;) {
      const events: object[] = [];
      for (; i < this.size && events.length < EVENTS_AT_ONCE; i += 1)
        events.push(...this.rows(keyOf(i), ROWS, (k) => from + k * 1000));
      await this.send(events);
    }
  }

  /** One row of every model in the next hour but one, so that the hour under way is over for all. */
  nextHour(): void {
    this.hour += 1;
  }

  /** Fits every reference, as the first beat would. */
  async fit(): Promise<void> {
    const { stages } = this.app.service;
    for (const registered of stages.registry.models()) await stages.references.of(registered);
  }

  async judge(): Promise<{ readonly minutes: number; readonly windows: number }> {
    return this.app.service.spine.judge();
  }

  private async register(): Promise<void> {
    const { ledger, registry } = this.app.service;
    const models = Array.from({ length: this.size }, (_, i) =>
      Model.parse({ key: keyOf(i), task: 'binary', positive: 'bad', window: i < this.minutely ? '1m' : '1h', season: 'none', multivariate: { classifier: false } }),
    ); // prettier-ignore
    await ledger.transact((now) => models.flatMap((model) => [...registry.register(model, SYSTEM, now)]));
    await ledger.transact((now) => models.flatMap(({ key }) => registry.versionSeen(key, VERSION, now)));
  }

  /** Whose reference all hourly ones have. */
  private get pattern(): string {
    return keyOf(this.minutely);
  }

  private async reference(): Promise<void> {
    const { service, clock } = this.app;
    const { stages, database, ledger, registry } = service;
    const spread = (k: number) => START + (k * HOUR) / REFERENCE_ROWS;
    clock.set(new Date(START + REFERENCE_HOURS * HOUR));
    await this.send(this.rows(this.pattern, REFERENCE_HOURS * REFERENCE_ROWS, spread));
    const source = { since: new Date(START), until: clock.now() };
    await pinModelBaseline(stages, registry.load(this.pattern).model, { source, actor: SYSTEM });
    const { id, fingerprint, rows } = registry.load(this.pattern).baseline ?? {
      id: '',
      fingerprint: '',
      rows: 0,
    };
    const others = `range(${this.minutely + 1}, ${this.size}) AS i`;
    const renamed = (column: string) =>
      `replaceOne(${column}, '${this.pattern}@', concat('model-', toString(i), '@'))`;
    await database.command(`INSERT INTO baseline_windows SELECT * REPLACE(${renamed('baseline')} AS baseline) FROM baseline_windows ARRAY JOIN ${others}`, { timeoutMs: 600_000 }); // prettier-ignore
    await database.command(`INSERT INTO baselines SELECT * REPLACE(${renamed('id')} AS id, concat('model-', toString(i)) AS model) FROM baselines ARRAY JOIN ${others}`, { timeoutMs: 600_000 }); // prettier-ignore
    await ledger.transact((now) =>
      Array.from({ length: this.size - this.minutely - 1 }, (_, i) => keyOf(this.minutely + i + 1)).flatMap(
        (model) =>
          registry.baselinePinned(
            {
              model,
              id: id.replace(`${this.pattern}@`, `${model}@`),
              fingerprint,
              rows,
              source: {},
              actor: SYSTEM,
            },
            now,
          ),
      ),
    );
  }

  private rows(model: string, count: number, at: (k: number) => number): object[] {
    return Array.from({ length: count }, (_, k) => {
      const features: Record<string, number | string> = {};
      for (let f = 0; f < FEATURES - 2; f += 1)
        features[`x${f}`] = Math.round(1000 * (f + this.normal())) / 1000;
      features['region'] = ['north', 'south', 'east', 'west'][Math.floor(4 * this.random() ** 1.6)] ?? '';
      features['plan'] = this.random() < 0.7 ? 'basic' : 'plus';
      const score = Math.round(1000 * this.random()) / 1000;
      const prediction = { label: score > 0.5 ? 'bad' : 'good', score };
      this.sent += 1;
      return { type: 'prediction', prediction_id: String(this.sent), model, model_version: VERSION, ts: Math.floor(at(k)), features, prediction }; // prettier-ignore
    });
  }

  private async send(events: readonly object[]): Promise<void> {
    const body = Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'));
    const answer = await this.app.service.http.accept({ kind: null, body: (async function* () { yield body; })(), contentType: 'application/x-ndjson', encoding: null, idempotencyKey: null }); // prettier-ignore
    if (answer.accepted !== events.length) throw new Error('the events of the benchmark were refused');
  }
}
