import { isUtf8 } from 'node:buffer';
import { LABEL_FIELDS, PREDICTION_FIELDS, type RawEvent } from '../../domain/event.js';
import { storedFeatureName } from '../../domain/feature-name.js';
import { instantOf } from '../../domain/instant.js';
import { USUAL_ENVIRONMENT } from '../../domain/model.js';
import { isBlank, meantPositive } from '../../domain/spelling.js';
import { sqlMillisecond } from '../../store/sql-time.js';
import { fieldsOf, isRecord } from '../formats/message.js';
import type { ModelRule } from './model-rule.js';
import { isLevel, MOST_OF_SCORES, togetherOf } from '../../domain/scores-of-one.js';

type Fields = Readonly<Record<string, unknown>>;

/** A row as the landing views would store it. */
export interface PlainRow {
  readonly table: 'predictions' | 'labels';
  readonly row: Fields;
}

const BACKSLASH = 0x5c;
const LONGEST = 65_536;
const LONGEST_ID = 256;
/** JSON.parse puts names that are array indexes first, whatever their order was. */
const INDEX = /^(?:0|[1-9]\d{0,9})$/u;
const NAME = /"[^"]*"\s*:/gu;
const TIME =
  /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)$/u;
/** Beyond these the engine and JavaScript write numbers as text in different ways. */
const [LEAST, MOST] = [1e-5, 1e15];
const MOST_LATENCY = 1e30;
const OUTSIDE = [Date.UTC(2000, 0), Date.UTC(2200, 0)] as const;

/**
 * The row of an event in which nothing is out of the ordinary: every field known, given once, of its own type and not empty, no escapes. Null for
 * every other, which is for the views to judge (migrations/0003_landing.sql and those after it): they are the truth, and a test holds these rows to
 * be theirs. A few events at a time cost a fraction so, because the engine analyses six views anew for every insert.
 */
export function plainRow(event: RawEvent, ruleOf: (model: string) => ModelRule | undefined): PlainRow | null {
  const json = onlyOnce(event.value);
  const kind = json && kindOf(json, event.kind);
  const { topic, partition, offset } = event;
  const rule = typeof json?.['model'] === 'string' ? ruleOf(json['model']) : undefined;
  if (!json || !kind || !rule || !isText(json['prediction_id'], LONGEST_ID)) return null;
  const at = timeOf(json['ts']);
  if (at === null || at < event.receivedAt - rule.pastMs || at > event.receivedAt + rule.futureMs) return null;
  const own = kind === 'label' ? labelOf(json, rule, at) : predictionOf(json, rule, at);
  if (own === null) return null;
  const identity = { model: rule.key, prediction_id: json['prediction_id'], tags: json['tags'] ?? {} };
  const row = { ...identity, ...own, topic, partition, offset: String(offset) };
  return { table: kind === 'label' ? 'labels' : 'predictions', row };
} // prettier-ignore

/** The object in the bytes, if no field of it is given twice at any depth. */
function onlyOnce(bytes: Buffer): Fields | null {
  if (bytes.length > LONGEST || bytes.includes(BACKSLASH) || !isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) && namesIn(json) === (text.match(NAME) ?? []).length ? json : null;
  } catch {
    return null;
  }
}

function namesIn(json: Fields): number {
  return Object.values(json).reduce<number>((sum, value) => sum + (isRecord(value) ? namesIn(value) : 0), Object.keys(json).length); // prettier-ignore
}

function kindOf({ type }: Fields, said: RawEvent['kind']): RawEvent['kind'] {
  if (type === undefined) return said;
  const own = type === 'prediction' || type === 'label' ? type : null;
  return said === null || said === own ? own : null;
}

/** Epoch ms; null for what is no time of this age. The engine cuts what is finer. */
function timeOf(ts: unknown): number | null {
  if (typeof ts === 'number') return Number.isInteger(ts) && ts > OUTSIDE[0] && ts < OUTSIDE[1] ? ts : null;
  if (typeof ts !== 'string' || !TIME.test(ts)) return null;
  const at = instantOf(ts.replace(/(\.\d{3})\d+/u, '$1'))?.getTime() ?? NaN;
  return at > OUTSIDE[0] && at < OUTSIDE[1] ? at : null;
}

type Check = (value: unknown) => boolean;
const isWord: Check = (value) => typeof value === 'string';
/** Fields of a prediction that may be left out, and what they are where they are not. */
const OPTIONAL: Readonly<Record<string, Check>> = {
  model_version: (value) => isText(value),
  environment: (value) => isText(value),
  subject: (value) => isText(value),
  status: (value) => value === 'ok',
  segment: (value) => isMap(value, isWord),
  protected: (value) => isMap(value, isWord),
  tags: (value) => isMap(value, isWord),
  attributions: (value) => isMap(value, isNumber),
  latency_ms: (value) => isNumber(value) && value >= 0 && value < MOST_LATENCY,
};

/** Nothing but known fields, and those that may be left out as they have to be where they are there. */
function areFields(fields: Fields, known: readonly string[], optional: Readonly<Record<string, Check>>): boolean {
  return Object.entries(fields).every(([name, value]) => known.includes(name) && (optional[name]?.(value) ?? true));
} // prettier-ignore

function predictionOf(json: Fields, rule: ModelRule, at: number): Fields | null {
  const features = areFields(json, PREDICTION_FIELDS, OPTIONAL) ? featuresOf(json['features']) : null;
  const answer = features && answerOf(json['prediction'], rule);
  if (!features || !answer) return null;
  const environment = json['environment'] ?? USUAL_ENVIRONMENT;
  const latency = json['latency_ms'];
  return {
    version: json['model_version'] ?? 'unversioned',
    environment,
    place: environment === USUAL_ENVIRONMENT ? '' : environment,
    ts: sqlMillisecond(new Date(at)),
    ...features,
    ...answer,
    segment: json['segment'] ?? {},
    protected: json['protected'] ?? {},
    attributions: named(Object.entries(fieldsOf(json['attributions']))),
    subject: json['subject'] ?? '',
    status: json['status'] ?? '',
    // what a decimal text rounds to in two steps may be another number than in one
    latency_ms: isNumber(latency) ? Math.fround(latency) : NaN,
  };
}

function featuresOf(features: unknown): Fields | null {
  if (!isMap(features, (value) => value === null || typeof value === 'string' || typeof value === 'boolean' || isNumber(value))) return null;
  const all = Object.entries(features);
  return {
    num: named(all.filter(([, value]) => typeof value === 'number')),
    cat: named(all.flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'boolean' ? [[name, String(value)]] : []))),
    nulls: all.flatMap(([name, value]) => (value === null ? [storedFeatureName(name)] : [])),
  };
} // prettier-ignore

function named(entries: readonly (readonly [string, unknown])[]): Fields {
  return Object.fromEntries(entries.map(([name, value]) => [storedFeatureName(name), value]));
}

const ANSWERS = ['label', 'score', 'value', 'scores'];

/** What a model answered, if it is all that its task asks for, and nothing else but what tasks may answer. */
function answerOf(answer: unknown, rule: ModelRule): Fields | null {
  const { task } = rule;
  const isChance: Check = (p) => isNumber(p) && (task === 'regression' || (p >= 0 && p <= 1));
  const optional = { score: isChance, value: isNumber, scores: (value: unknown) => isMap(value, isChance) };
  if (!isRecord(answer) || !areFields(answer, ANSWERS, optional)) return null;
  const { label, score, value, scores } = answer;
  if (!areOfOne(scores, task)) return null;
  const needed = task === 'regression' ? value : task === 'binary' ? score : scores;
  const text = label === undefined ? '' : classOf(label);
  const isOfTask = needed !== undefined && (task === 'regression' || text !== '');
  if (text === null || !isOfTask || (text !== '' && !isAmong(rule, text))) return null;
  return { label: text, score: score ?? NaN, value: value ?? NaN, scores: scores ?? {} };
}

/** Scores that are quantiles by level, or the probabilities of the classes of one answer. */
function areOfOne(scores: unknown, task: ModelRule['task']): boolean {
  const each = fieldsOf(scores);
  if (task === 'regression') return Object.keys(each).every(isLevel);
  return togetherOf(Object.values(each)) <= MOST_OF_SCORES;
}

function isAmong(rule: ModelRule, text: string): boolean {
  return rule.classes?.length ? rule.classes.includes(text) : meantPositive(rule, text) === null;
}

const OF_LABELS = {
  source: (value: unknown) => isText(value),
  tags: (value: unknown) => isMap(value, isWord),
};

function labelOf(json: Fields, rule: ModelRule, at: number): Fields | null {
  const { label, source } = json;
  const text = classOf(label);
  const isOfTask = rule.task !== 'regression' || isNumber(label);
  if (text === null || !isOfTask || !isAmong(rule, text) || !areFields(json, LABEL_FIELDS, OF_LABELS)) return null;
  const value = typeof label === 'boolean' ? Number(label) : isNumber(label) ? label : NaN;
  return { source: source ?? '', label: text, value, labelled_at: sqlMillisecond(new Date(at)) };
} // prettier-ignore

/** A label as text; null for what is none, or is written in another way by the engine. */
function classOf(label: unknown): string | null {
  if (typeof label === 'string') return label;
  if (typeof label === 'boolean') return String(label);
  if (!isNumber(label)) return null;
  const size = Math.abs(label);
  return size === 0 || (size >= LEAST && size < MOST) ? String(label) : null;
}

function isText(value: unknown, most = LONGEST): boolean {
  return typeof value === 'string' && !isBlank(value) && Buffer.byteLength(value) <= most;
}

/** A number that is one in every reader; the sign of a zero gets lost on the way. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0);
}

/** An object with something in it, whose names stay in their order. */
function isMap(value: unknown, isValue: (value: unknown) => boolean): value is Fields {
  if (!isRecord(value)) return false;
  const all = Object.entries(value);
  return all.length > 0 && all.every(([name, each]) => !INDEX.test(name) && isValue(each));
}
