import type { Opened, Row } from './call.js';
import { csvRows } from './csv-rows.js';
import { FormatError } from './format-error.js';
import { isRecord, textOrNull, type ForeignMessage } from './message.js';
import { parseJson } from './parse-json.js';
import { requestRows } from './request-rows.js';
import { responseOutputs } from './response-outputs.js';

type Fields = Readonly<Record<string, unknown>>;

/** True for a line of SageMaker data capture or of Model Monitor's ground truth. */
export function isSagemaker(json: unknown): json is Fields {
  return isRecord(json) && (isRecord(json['captureData']) || isRecord(json['groundTruthData']));
}

/**
 * One line of data capture → a call, or of ground truth → labels. The id is the caller's `inferenceId`, else `eventId`, as
 * Model Monitor itself joins them. Throws FormatError; a capture without its output is `unpaired`.
 */
export function openSagemaker(json: unknown, message: ForeignMessage): Opened {
  if (!isSagemaker(json))
    throw new FormatError('missing_field', 'captureData is missing: this is no line of data capture');
  const metadata = isRecord(json['eventMetadata']) ? json['eventMetadata'] : {};
  const id = textOrNull(metadata['inferenceId']) ?? textOrNull(metadata['eventId']);
  if (id === null)
    throw new FormatError('missing_field', 'eventMetadata has neither inferenceId nor eventId');
  const ts = metadata['inferenceTime'] ?? null;
  const { groundTruthData: truth, captureData } = json;
  if (isRecord(truth))
    return { kind: 'truth', truth: { model: message.model, id, ts: null, labels: labelsOf(truth) } };
  const capture = isRecord(captureData) ? captureData : {};
  const input = read(capture['endpointInput'], 'input');
  const inputs = requestRowsOf(input);
  const output = read(capture['endpointOutput'], 'output');
  return {
    kind: 'call',
    call: {
      model: message.model,
      version: null,
      id,
      ts,
      inputs,
      outputs: responseOutputs(answers(output, inputs.length), inputs.length),
      latencyMs: null,
      tags: {},
      envelope: json,
      request: input.json,
      response: output.json,
    },
  };
}

interface Captured {
  /** Lines of CSV or JSON Lines; null for one JSON value. */
  readonly rows: readonly unknown[] | null;
  readonly json: unknown;
}

function requestRowsOf({ rows, json }: Captured): readonly Row[] {
  return requestRows(rows ?? json);
}

/**
 * Its own XGBoost container joins the answers of all rows with commas on one line: as many cells as rows are one answer each, a
 * multiple of that one vector each.
 */
function answers({ rows, json }: Captured, count: number): unknown {
  if (rows === null) return json;
  const [line] = rows;
  if (rows.length !== 1 || count < 2 || !Array.isArray(line) || line.length % count !== 0) return rows;
  const width = line.length / count;
  return width === 1
    ? (line as unknown[])
    : Array.from({ length: count }, (_, row) => line.slice(row * width, (row + 1) * width) as unknown[]);
}

function labelsOf(truth: Fields): readonly unknown[] {
  const { rows, json } = read(truth, 'ground truth');
  if (rows) return rows.map((row) => (Array.isArray(row) && row.length === 1 ? (row[0] as unknown) : row));
  return Array.isArray(json) ? json : [json];
}

function read(side: unknown, what: string): Captured {
  if (!isRecord(side) || typeof side['data'] !== 'string')
    throw new FormatError('unpaired', `the capture has no ${what}: capture both Input and Output`);
  const { data, encoding, observedContentType } = side;
  const type = textOrNull(observedContentType) ?? '';
  // BASE64 is what an endpoint uses for content types that its capture configuration does not list
  const text = encoding === 'BASE64' ? Buffer.from(data, 'base64').toString('utf8') : data;
  if (/json-?lines|ndjson/iu.test(type))
    return {
      rows: text
        .trim()
        .split('\n')
        .map((line) => parseJson(line, `the ${what}`)),
      json: null,
    };
  const json =
    encoding === 'JSON' || (encoding === 'BASE64' && (/json/iu.test(type) || /^\s*[[{]/u.test(text)));
  return json ? { rows: null, json: parseJson(text, `the ${what}`) } : { rows: csvRows(text), json: null };
}
