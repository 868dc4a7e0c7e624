import type { Opened } from './call.js';
import { isRecord, scalarText, textOrNull, type ForeignMessage } from './message.js';
import { parseJson } from './parse-json.js';
import { REQUEST_KEYS, requestRows } from './request-rows.js';
import { responseOutputs } from './response-outputs.js';

const ID = ['prediction_id', 'request_id', 'inference_id', 'id'] as const;
const TIME = ['ts', 'timestamp', 'time', 'event_time'] as const;
const MODEL = ['model', 'model_name'] as const;
const ENVELOPE = ['request', 'response', 'predictions', 'outputs', 'model_version', ...ID, ...TIME, ...MODEL];

/** True for the JSON of a scoring call: a known request body, alone or under `request`. */
export function isScoringCall(json: unknown): boolean {
  return isRecord(json) && ('request' in json || REQUEST_KEYS.some((key) => key in json));
}

/**
 * A scoring call in one JSON value: the request's body with `predictions` beside it, `{request, response}`, or rows that hold
 * their outputs as columns (pandas' dict, `dataframe_records`, or a list of records). Throws FormatError.
 */
export function openMlflow(json: unknown, message: ForeignMessage): Opened {
  const fields = isRecord(json) ? json : {};
  const request = unfolded(fields['request']) ?? requestOf(json);
  const inputs = requestRows(request);
  const response =
    unfolded(fields['response']) ??
    (fields['predictions'] === undefined && fields['outputs'] === undefined ? null : fields);
  const pick = (names: readonly string[]) =>
    names.map((name) => fields[name]).find((value) => value !== undefined && value !== null);
  const id = pick(ID);
  return {
    kind: 'call',
    call: {
      model: message.model ?? textOrNull(pick(MODEL)),
      version: textOrNull(fields['model_version']),
      id: scalarText(id) ?? messageId(message),
      ts: pick(TIME) ?? null,
      inputs,
      outputs: response === null ? null : responseOutputs(response, inputs.length),
      latencyMs: null,
      tags: {},
      envelope: json,
      request,
      response,
    },
  };
}

/** A flat record: one row, its outputs among its columns; the mapping says what is what. */
export function openRecord(json: unknown, message: ForeignMessage): Opened {
  const row = isRecord(json) ? json : requestRows(json)[0];
  return {
    kind: 'call',
    call: {
      model: message.model,
      version: null,
      id: messageId(message),
      ts: null,
      inputs: row ? [row] : [],
      outputs: null,
      latencyMs: null,
      tags: {},
      envelope: json,
      request: json,
      response: null,
    },
  };
}

/** An id for a message that brings none: it follows from the message's identity, so a second delivery has the same. */
function messageId({ topic, partition, offset }: ForeignMessage): string {
  return `${topic}-${partition}-${offset}`.slice(-240);
}

function unfolded(value: unknown): unknown {
  return typeof value === 'string' ? parseJson(value, 'the request or response') : (value ?? null);
}

/** Without a known key the rest of the object is pandas' dict: what belongs to the call and not to a row is set aside. */
function requestOf(json: unknown): unknown {
  if (!isRecord(json) || REQUEST_KEYS.some((key) => key in json)) return json;
  return Object.fromEntries(Object.entries(json).filter(([name]) => !ENVELOPE.includes(name)));
}
