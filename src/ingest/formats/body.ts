import { withoutBom } from '../http/split-json.js';
import { readInferProto } from './infer-proto.js';
import { parseJson } from './parse-json.js';

/** What is inside an envelope: bytes, or a value that the envelope or a schema has decoded already. */
export type Body = { readonly bytes: Buffer } | { readonly json: unknown };

const JSON_START = /^\s*[[{"]/u;

/** True when bytes look like a JSON object, array or string. */
export function looksLikeJson(bytes: Buffer): boolean {
  return JSON_START.test(withoutBom(bytes).subarray(0, 16).toString('latin1'));
}

/** A body that has to be JSON. Throws FormatError. */
export function bodyJson(body: Body, what: string): unknown {
  return 'json' in body ? body.json : parseJson(body.bytes, what);
}

/**
 * The request or response of an inference call as JSON: JSON bytes, or else the protobuf message of the Open Inference
 * Protocol. Content types are not asked: KServe's logger puts the request's on the response. Throws FormatError.
 */
export function inferenceJson(
  body: Body,
  side: 'request' | 'response',
  force: 'json' | 'proto' | null = null,
): unknown {
  if ('json' in body) return typeof body.json === 'string' ? parseJson(body.json, `the ${side}`) : body.json;
  const json = force === null ? looksLikeJson(body.bytes) : force === 'json';
  return json ? parseJson(body.bytes, `the ${side}`) : readInferProto(body.bytes, side);
}
