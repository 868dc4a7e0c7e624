import { hasCloudEventHeaders, isStructured } from './cloud-event.js';
import { isDatabricks } from './databricks.js';
import type { Format } from './mapping.js';
import { isRecord, type ForeignMessage } from './message.js';
import { isScoringCall } from './mlflow.js';
import { isSagemaker } from './sagemaker.js';
import { isSeldonTopic } from './seldon.js';

/**
 * The format of a message, first match: CloudEvent, Seldon topic, SageMaker capture, Databricks row, native, scoring call.
 * `json` is the value when its bytes are JSON, else undefined. What nothing matches is native: the engine says what is wrong.
 */
export function detectFormat(message: ForeignMessage, json: unknown): Exclude<Format, 'auto'> {
  if (hasCloudEventHeaders(message) || isStructured(json)) return 'kserve';
  if (isSeldonTopic(message.topic)) return 'seldon';
  if (isSagemaker(json)) return 'sagemaker';
  if (isDatabricks(json)) return 'databricks';
  if (isRecord(json) && ('prediction_id' in json || 'type' in json)) return 'native';
  return isScoringCall(json) ? 'mlflow' : 'native';
}

/** First field names of foreign formats; a native event begins with none of them. */
const FOREIGN_START =
  /^\s*\{\s*"(?:captureData|groundTruthData|specversion|databricks_request_id|client_request_id|dataframe_(?:split|records)|instances|inputs)"/u;
const BRACE = 0x7b;

/**
 * True when the first bytes or the headers are foreign on their face. This is all a native event costs: one byte for most, a
 * short text for those that do not begin with a native field.
 */
export function looksForeign(value: Buffer, headers: ReadonlyMap<string, Buffer> | undefined): boolean {
  const first = value[0];
  if (first === 0 || first === 1) return true;
  if (
    headers !== undefined &&
    headers.size > 0 &&
    (headers.has('ce_id') || headers.has('ce-id') || headers.has('__value_schema_id'))
  )
    return true;
  // {"t… (type, ts), {"p… (prediction_id, prediction), {"m… (model): native fields
  if (first === BRACE && (value[2] === 0x74 || value[2] === 0x70 || value[2] === 0x6d)) return false;
  return FOREIGN_START.test(value.subarray(0, 48).toString('latin1'));
}
