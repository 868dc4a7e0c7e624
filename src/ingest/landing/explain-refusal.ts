import { LABEL_FIELDS, PREDICTION_FIELDS } from '../../domain/event.js';
import { lookAlike } from '../../domain/look-alike.js';
import { fieldsOf } from '../formats/message.js';
import { jsonIn } from '../formats/parse-json.js';

type Fields = Readonly<Record<string, unknown>>;

/** Fields that mean something: none of them was meant to be another. */
const KNOWN: readonly string[] = [...PREDICTION_FIELDS, ...LABEL_FIELDS].filter((name) => name !== 'label');
const KNOWN_ANSWERS = ['label', 'score', 'scores', 'value'];
const MISSING = /^(?:(prediction)\.)?(\w+) is missing(?: or null)?: (.*)$/u;
const NO_NUMBER = /^([\w.]+) is not a number: do not quote it$/u;
const NO_JSON = /^the bytes are not one complete JSON value/u;
const NO_CLASS = /^(?!.*\?$)(?:prediction\.)?label "(.*)" is none of the classes of the model file: (.*)$/su;
const LONGEST = 64;
/** Levels of nesting that the engine reads. */
const DEEPEST = 1024;

/**
 * What to say of a refused event: of a class with the one that it is spelt like, of a missing field with the name that was sent in its place, of a value that is no number with that value, of JSON
 * that is nested too deep that it is. The message is written by the landing views of the store; such looks there would cost every insert.
 */
export function explained(message: string, event: Buffer): string {
  const say = [ofMissing, ofNumber, ofDepth, ofClass].find(({ form }) => form.test(message));
  return say?.words(message, event) ?? message;
}

interface Words {
  readonly form: RegExp;
  /** Null where there is no more to say. */
  words(message: string, event: Buffer): string | null;
}

const ofMissing: Words = {
  form: MISSING,
  words: (message, event) => {
    const [, outer, field = ''] = MISSING.exec(message) ?? [];
    const top = fieldsOf(jsonIn(event));
    const where = outer === undefined ? top : fieldsOf(top[outer]);
    const inside = lookAlike(field, Object.keys(where), outer === undefined ? KNOWN : KNOWN_ANSWERS);
    const path = outer === undefined ? field : `${outer}.${field}`;
    if (field === 'prediction' && inside !== null && typeof where[inside] !== 'object')
      return `${path} is missing, but there is ${shown(inside)}: an answer is an object, such as {"label": …, "score": …} or {"value": …}`;
    if (inside !== null) return `${path} is missing, but there is ${shown(inside)}: call it ${field}`;
    const beside = outer === undefined ? null : besideOf(field, top);
    return beside === null ? null : `${path} is missing, but there is ${shown(beside)} beside ${outer}: send it inside, as {"${outer}": {"${field}": …}}`;
  },
}; // prettier-ignore

function besideOf(field: string, top: Fields): string | null {
  return field in top && !KNOWN.includes(field) ? field : lookAlike(field, Object.keys(top), KNOWN);
}

/** A class that is another one but for its spelling. */
const ofClass: Words = {
  form: NO_CLASS,
  words: (message) => {
    const [, given = '', classes = ''] = NO_CLASS.exec(message) ?? [];
    const near = lookAlike(given, classes.split(', '));
    return near === null ? null : `${message}; did you mean ${shown(near)}?`;
  },
};

const ofNumber: Words = {
  form: NO_NUMBER,
  words: (message, event) => {
    const path = NO_NUMBER.exec(message)?.[1] ?? '';
    const value = path.split('.').reduce<unknown>((found, name) => fieldsOf(found)[name], jsonIn(event));
    if (typeof value !== 'string') return value === undefined ? null : `${path} is not a number`;
    const isQuoted = value.trim() !== '' && Number.isFinite(Number(value));
    return `${path} ${shown(value)} is not a number: ${isQuoted ? 'do not quote it' : 'send one without quotes, signs and units'}`;
  },
};

const ofDepth: Words = {
  form: NO_JSON,
  words: (message, event) => {
    const depth = depthOf(event);
    if (depth <= DEEPEST || jsonIn(event) === undefined) return null;
    return `the JSON is nested ${depth} levels deep, and ${DEEPEST} are read: send values, not structures`;
  },
};

const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);

/** Brackets open at once; those in texts count, so it is an upper bound. */
function depthOf(event: Buffer): number {
  let [open, most] = [0, 0];
  for (const byte of event)
    if (OPEN.has(byte)) most = Math.max(most, (open += 1));
    else if (CLOSE.has(byte)) open -= 1;
  return most;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, LONGEST));
}
