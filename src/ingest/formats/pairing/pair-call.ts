import { inferenceJson } from '../body.js';
import type { Call, HalfPart } from '../call.js';
import { isRecord, textOrNull } from '../message.js';
import { requestRows } from '../request-rows.js';
import { responseOutputs } from '../response-outputs.js';

/** A request and its response → the call. Throws FormatError when either cannot be read or their rows differ in number. */
export function pairCall(id: string, request: HalfPart, response: HalfPart): Call {
  const asked = inferenceJson(request.body, 'request', request.force);
  const answered = inferenceJson(response.body, 'response', response.force);
  const inputs = requestRows(asked);
  return {
    model: request.model ?? response.model ?? textOrNull(field(answered, 'model_name')),
    version: textOrNull(field(answered, 'model_version')),
    id,
    ts: request.ts ?? response.ts,
    inputs,
    outputs: responseOutputs(answered, inputs.length),
    latencyMs: null,
    tags: request.tags,
    envelope: request.envelope,
    request: asked,
    response: answered,
  };
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}
