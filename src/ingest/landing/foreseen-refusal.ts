import { isUtf8 } from 'node:buffer';
import type { RejectCode } from '../../domain/event.js';
import { meansOk } from '../../domain/call-status.js';
import { instantOf } from '../../domain/instant.js';
import { isBlank, meantPositive } from '../../domain/spelling.js';
import { isLevel, NO_QUANTILE, overOneText } from '../../domain/scores-of-one.js';
import { fieldsOf, isRecord } from '../formats/message.js';
import { explained } from './explain-refusal.js';

/** What a dead letter would say. */
export interface Foreseen {
  readonly code: RejectCode;
  readonly message: string;
}

/** What events of a model are judged by. */
export interface ForeseenRule {
  readonly task: string;
  /** Of a binary model, the label whose probability a score is. */
  readonly positive?: string | null | undefined;
  /** All labels there are; null where any is taken. */
  readonly classes: readonly string[] | null;
  readonly accepts: { readonly past: number; readonly future: number };
}

export interface ForeseenRules {
  /** The model's, null when there is none of that name; `known` is false where models are not looked at. */
  readonly ruleOf: (model: string) => ForeseenRule | null;
  readonly known: boolean;
  /** When the event would count as received, epoch ms. */
  readonly received: number;
}

type Fields = Readonly<Record<string, unknown>>;

const TEXTS = { label: ['prediction_id', 'model', 'source'], prediction: ['prediction_id', 'model', 'model_version', 'environment', 'subject', 'status'] }; // prettier-ignore
const OBJECTS = { label: ['tags'], prediction: ['features', 'prediction', 'segment', 'protected', 'attributions', 'tags'] }; // prettier-ignore
const ANSWERS: Readonly<Record<string, string>> = {
  binary: '{"label","score"}',
  multiclass: '{"label","scores"}',
};
const RFC_3339 =
  /^\d{4}-\d\d-\d\d[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/u;
const LONGEST_ID = 256;

/**
 * Why the landing views of the store would refuse one of Tidewatch's own events (each says its `type`), in their order and words; null when they
 * would not. A test holds both to be the same on every refusal there is. What only bytes show (a field given twice) is not seen here.
 */
export function foreseenRefusal(event: Buffer, json: unknown, rules: ForeseenRules): Foreseen | null {
  const found = ofBytes(event, json) ?? (isRecord(json) ? (ofType(json) ?? ofEnvelope(json, kindOf(json)) ?? ofModel(json, rules)) : null);
  return found && { ...found, message: explained(found.message, event) };
} // prettier-ignore

/** `json` is undefined where the bytes are none. */
function ofBytes(event: Buffer, json: unknown): Foreseen | null {
  if (!isUtf8(event)) return refuse('invalid_utf8', 'the bytes are not UTF-8: encode the event as UTF-8');
  const odd = json === undefined ? NOT_FINITE.exec(event.toString())?.[1] : infiniteIn(json);
  if (odd !== undefined)
    return refuse('not_finite', `${odd} is NaN, Infinity or a number too large to read: send null for a missing value`);
  const broken = refuse('not_json', 'the bytes are not one complete JSON value: look for truncation and quoting');
  if (json === undefined || explained(broken.message, event) !== broken.message) return broken;
  return isRecord(json) ? null : refuse('not_object', 'an event is one JSON object: send {…}; several go into an array or one a line');
} // prettier-ignore

const NOT_FINITE = /"([^"]{1,200})"\s*:\s*-?(?:NaN|Infinity)\s*[,}\]]/u;

/** The name of the first number beyond a double. */
function infiniteIn(json: unknown): string | undefined {
  if (!isStructure(json)) return undefined;
  for (const [name, value] of Object.entries(json as object)) {
    const found = value === Infinity || value === -Infinity ? name : infiniteIn(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofType({ type }: Fields): Foreseen | null {
  if (type === 'prediction' || type === 'label') return null;
  if (isNothing(type)) return refuse('missing_field', 'type is missing: send "prediction" or "label"');
  return refuse('wrong_type', 'type is neither "prediction" nor "label"');
}

function kindOf({ type }: Fields): 'prediction' | 'label' {
  return type === 'label' ? 'label' : 'prediction';
}

function ofEnvelope(event: Fields, kind: 'prediction' | 'label'): Foreseen | null {
  const failed = isFailed(event);
  const needed = kind === 'label' ? ['label'] : failed ? [] : ['features', 'prediction'];
  const missing = ['prediction_id', 'model', 'ts', ...needed].find((name) => isNothing(event[name]));
  if (missing !== undefined) return refuse('missing_field', `${missing} is missing or null: send it`);
  const noText = TEXTS[kind].find((name) => !isNothing(event[name]) && typeof event[name] !== 'string');
  if (noText !== undefined) return refuse('wrong_type', `${noText} is not a string: quote it`);
  const noObject = OBJECTS[kind].find((name) => !isNothing(event[name]) && !isRecord(event[name]));
  if (noObject !== undefined) return refuse('wrong_type', `${noObject} is not an object`);
  const empty = ['model', 'prediction_id'].find((name) => isBlank(String(event[name])));
  if (empty !== undefined) return refuse('missing_field', `${empty} is empty: send at least one character`);
  const tooLong = (String(event['prediction_id']).match(/./gsu) ?? []).length > LONGEST_ID;
  return tooLong ? refuse('too_large', `prediction_id has more than ${LONGEST_ID} characters`) : null;
}

function ofModel(event: Fields, { ruleOf, known, received }: ForeseenRules): Foreseen | null {
  const model = String(event['model']);
  const rule = ruleOf(model);
  if (known && !rule)
    return refuse('unknown_model', `model "${model.slice(0, 128)}" is not registered: register it or correct the key`);
  const late = ofTime(event['ts'], rule, received);
  if (late) return late;
  return kindOf(event) === 'label' ? ofLabel(event['label'], rule) : ofPrediction(event, rule);
} // prettier-ignore

function ofTime(ts: unknown, rule: ForeseenRule | null, received: number): Foreseen | null {
  if (typeof ts !== 'string' && typeof ts !== 'number')
    return refuse('wrong_type', 'ts is neither a string nor a number: send RFC 3339 or epoch milliseconds');
  const at = eventTime(ts);
  if (Number.isNaN(at))
    return refuse('bad_timestamp', `ts "${String(ts).slice(0, 64)}" is not RFC 3339 with an offset, for example 2026-11-21T10:00:00Z`);
  if (!rule) return null;
  const { past, future } = rule.accepts;
  const seconds = typeof ts === 'number' && Math.abs(ts) < 1e11 ? ': it looks like seconds, send milliseconds' : '';
  if (at < received - past) return refuse('timestamp_out_of_range', `ts is more than ${spanText(past)} older than its arrival${seconds}`);
  if (at > received + future) return refuse('timestamp_out_of_range', `ts is more than ${spanText(future)} ahead of its arrival: check the clock`);
  return null;
} // prettier-ignore

/** When an event says that it happened, epoch ms; NaN for what is neither a number nor an RFC 3339 time with an offset, or a day that does not exist. */
export function eventTime(ts: unknown): number {
  if (typeof ts === 'number') return ts;
  const at = typeof ts === 'string' && RFC_3339.test(ts) ? instantOf(ts.toUpperCase()) : null;
  return at?.getTime() ?? NaN;
}

function ofLabel(label: unknown, rule: ForeseenRule | null): Foreseen | null {
  if (isRecord(label) || Array.isArray(label)) return refuse('wrong_type', 'label is not a string, number or boolean');
  if (rule?.task === 'regression' && typeof label !== 'number')
    return refuse('wrong_type', 'label is not a number: the model is a regression');
  return ofClass('label', label, rule);
} // prettier-ignore

function ofPrediction(event: Fields, rule: ForeseenRule | null): Foreseen | null {
  const nested = Object.entries(fieldsOf(event['features'])).find(([, value]) => isStructure(value))?.[0];
  if (nested !== undefined)
    return refuse('wrong_type', `features.${nested} is an object or an array: send a number, string, boolean or null`);
  const { label, score, value, scores } = fieldsOf(event['prediction']);
  const numbers = [['prediction.score', score], ['prediction.value', value], ['latency_ms', event['latency_ms']]] as const;
  const odd = numbers.find(([, number]) => !isNothing(number) && typeof number !== 'number')?.[0];
  if (odd !== undefined) return refuse('wrong_type', `${odd} is not a number: do not quote it`);
  const call = ofCall(event);
  if (call) return call;
  if (isStructure(label)) return refuse('wrong_type', 'prediction.label is not a string, number or boolean');
  const each = Object.entries(fieldsOf(scores));
  if ((!isNothing(scores) && !isRecord(scores)) || each.some(([, p]) => typeof p !== 'number'))
    return refuse('wrong_type', 'prediction.scores is not an object of class: number');
  return ofProbabilities(score, each, rule) ?? ofAbsent(event, rule) ?? (isNothing(label) ? null : ofClass('prediction.label', label, rule)) ?? ofAttributions(event);
} // prettier-ignore

/** A status that means ok in other words, and a time that no call takes. */
function ofCall({ status, latency_ms: latency }: Fields): Foreseen | null {
  if (typeof status === 'string' && meansOk(status))
    return refuse('bad_value', `status "${status.slice(0, 64)}" would count as a failed call: send "ok" for one that was answered, or leave it out`);
  if (typeof latency === 'number' && latency < 0)
    return refuse('bad_value', 'latency_ms is below 0, which no call takes: send milliseconds, or null where they are not known');
  return null;
} // prettier-ignore

function ofProbabilities(score: unknown, each: readonly (readonly [string, unknown])[], rule: ForeseenRule | null): Foreseen | null {
  if (!rule) return null;
  if (rule.task === 'regression') return ofLevels(each);
  const isOutside = (p: unknown) => typeof p === 'number' && (p < 0 || p > 1);
  if (isOutside(score)) return refuse('not_a_probability', `prediction.score is ${String(score)}: a score is the probability of the positive class, from 0 to 1`);
  const odd = each.find(([, p]) => isOutside(p));
  if (odd) return refuse('not_a_probability', `prediction.scores.${odd[0]} is ${String(odd[1])}: scores are probabilities, from 0 to 1`);
  const over = overOneText(each.map(([, p]) => p));
  return over === null ? null : refuse('not_a_probability', `prediction.scores ${over}`);
} // prettier-ignore

/** The scores of a regression are its quantiles by level. */
function ofLevels(each: readonly (readonly [string, unknown])[]): Foreseen | null {
  const odd = each.find(([name]) => !isLevel(name));
  if (!odd) return null;
  return refuse('bad_value', `prediction.scores.${odd[0].slice(0, 64)} ${NO_QUANTILE}`);
} // prettier-ignore

function ofAbsent(event: Fields, rule: ForeseenRule | null): Foreseen | null {
  if (!rule || isFailed(event)) return null;
  const answer = fieldsOf(event['prediction']);
  const needed = rule.task === 'regression' ? ['value'] : ['label', rule.task === 'binary' ? 'score' : 'scores'];
  const absent = needed.find((name) => isNothing(answer[name]) || (name === 'scores' && Object.keys(fieldsOf(answer[name])).length === 0));
  if (absent === undefined) return null;
  return refuse('missing_field', `prediction.${absent} is missing: a ${rule.task} model answers ${ANSWERS[rule.task] ?? '{"value"}'}`);
} // prettier-ignore

function ofClass(field: string, label: unknown, rule: ForeseenRule | null): Foreseen | null {
  const text = typeof label === 'string' ? label : JSON.stringify(label);
  const meant = rule && meantPositive(rule, text);
  if (typeof meant === 'string')
    return refuse('unknown_class', `${field} "${text.slice(0, 128)}" is "${meant}" but for case or blanks, and would count as negative: did you mean "${meant}"? If both are classes, name them in the model file: classes: […]`);
  if (!rule?.classes || rule.classes.includes(text)) return null;
  const told = rule.classes.join(', ').slice(0, 1000);
  return refuse('unknown_class', `${field} "${text.slice(0, 128)}" is none of the classes of the model file: ${told}`);
} // prettier-ignore

function ofAttributions({ attributions }: Fields): Foreseen | null {
  const isOdd = Object.values(fieldsOf(attributions)).some((value) => typeof value !== 'number');
  return isOdd ? refuse('wrong_type', 'attributions has a value that is not a number') : null;
}

function isFailed({ status }: Fields): boolean {
  return typeof status === 'string' && !isBlank(status) && status !== 'ok';
}

const UNITS = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const; // prettier-ignore

/** `1 day and 12 hours` */
function spanText(ms: number): string {
  let left = Math.floor(ms / 1000);
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return parts.length < 2
    ? (parts[0] ?? '0 seconds')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

const refuse = (code: RejectCode, message: string): Foreseen => ({ code, message });
const isNothing = (value: unknown): boolean => value === undefined || value === null;
const isStructure = (value: unknown): boolean => typeof value === 'object' && value !== null;
