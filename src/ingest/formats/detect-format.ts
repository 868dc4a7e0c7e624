import { withoutBom } from '../http/split-json.js';
import { hasCloudEventHeaders, isStructured } from './cloud-event.js';
import { isDatabricks } from './databricks.js';
import type { Format } from '../../domain/format-mapping.js';
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

const OBJECT = /^\s*\{/u;
/** An object whose first field is one that only a native event begins with. */
const NATIVE_START =
  /^\s*\{\s*"(?:type"\s*:\s*"(?:prediction|label)"|(?:prediction_id|prediction|model|model_version|environment|ts|features|label|segment|protected|attributions|subject|status|latency_ms|tags)")/u;
const START_BYTES = 64;
const BRACE = 0x7b;
const BOM_START = 0xef;
const [T, P, L, UNDERSCORE] = [0x74, 0x70, 0x6c, 0x5f];

/**
 * True when the headers or the first bytes are not a native event's. This is all that a native event costs: a few bytes for
 * those that begin with `type` or `prediction_id`, a short text for the others. What is foreign and begins like a native event
 * is only found when a mapping claims its topic.
 */
export function looksForeign(given: Buffer, headers: ReadonlyMap<string, Buffer> | undefined): boolean {
  const value = given[0] === BOM_START ? withoutBom(given) : given;
  const first = value[0];
  if (first === 0 || first === 1) return true;
  if (
    headers !== undefined &&
    headers.size > 0 &&
    (hasCloudEventHeaders({ headers }) || headers.has('__value_schema_id'))
  )
    return true;
  if (first === BRACE) {
    // {"type":"p…, {"type":"l… and {"prediction_…
    if (value[2] === T && (value[9] === P || value[9] === L)) return false;
    if (value[2] === P && value[12] === UNDERSCORE) return false;
  }
  const start = value.subarray(0, START_BYTES).toString('latin1');
  return OBJECT.test(start) && !NATIVE_START.test(start);
}
