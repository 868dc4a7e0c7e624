import type { Opened } from './call.js';
import { FormatError } from './format-error.js';
import { isRecord, scalarText, textOrNull } from './message.js';
import { parseJson } from './parse-json.js';
import { requestRows } from './request-rows.js';
import { responseOutputs } from './response-outputs.js';

type Fields = Readonly<Record<string, unknown>>;

/** True for a row of an inference table of any of its three generations, told by its columns and not by the table's name. */
export function isDatabricks(json: unknown): json is Fields {
  // an export may leave out columns that are null, such as the answer of a failed call
  const known = ['databricks_request_id', 'invocation_id'];
  return isRecord(json) && 'request' in json && known.some((name) => name in json);
}

/**
 * A row of an inference table (legacy, AI Gateway, Unity AI Gateway) → the call. The caller's own id is preferred, because
 * labels will carry it. Throws FormatError; a row of a failed or not logged call is `unpaired`.
 */
export function openDatabricks(json: unknown): Opened {
  if (!isDatabricks(json))
    throw new FormatError('missing_field', 'the row has no request, response and request id columns');
  const id = first(json, ['client_request_id', 'databricks_request_id', 'invocation_id']);
  if (id === null)
    throw new FormatError('missing_field', 'the row has neither client_request_id nor databricks_request_id');
  const status = json['status_code'];
  const response = nested(json['response'], 'response');
  if (response === null || (status !== undefined && status !== null && Number(status) !== 200))
    throw new FormatError(
      'unpaired',
      `the call has no answer: status ${scalarText(status) ?? 'unknown'}, logging errors ${JSON.stringify(json['logging_error_codes'] ?? [])}`,
    );
  const request = nested(json['request'], 'request');
  const inputs = requestRows(request);
  const metadata = nested(json['request_metadata'] ?? null, 'request_metadata');
  const named = isRecord(metadata) ? metadata : {};
  return {
    kind: 'call',
    call: {
      model:
        first(named, ['model_name', 'endpoint_name']) ??
        first(json, ['served_entity_name', 'served_entity_id', 'endpoint_name']),
      version: first(named, ['model_version']),
      id,
      ts: json['timestamp_ms'] ?? json['request_time'] ?? json['event_time'] ?? null,
      inputs,
      outputs: responseOutputs(response, inputs.length),
      latencyMs: milliseconds(
        json['execution_time_ms'] ?? json['execution_duration_ms'] ?? json['latency_ms'],
      ),
      tags: {},
      envelope: json,
      request,
      response,
    },
  };
}

function first(fields: Fields, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    const text = textOrNull(typeof value === 'number' ? String(value) : value);
    if (text !== null) return text;
  }
  return null;
}

/** Columns hold JSON as text; an export may have unfolded them already. */
function nested(value: unknown, what: string): unknown {
  return typeof value === 'string' ? parseJson(value, `the ${what}`) : (value ?? null);
}

function milliseconds(value: unknown): number | null {
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}
