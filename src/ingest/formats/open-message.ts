import { withoutBom } from '../http/split-json.js';
import type { Body } from './body.js';
import { looksLikeJson } from './body.js';
import type { Opened } from './call.js';
import { messageIndexes, unframe } from './confluent-framing.js';
import { openDatabricks } from './databricks.js';
import { detectFormat } from './detect-format.js';
import { FormatError } from './format-error.js';
import { openKserve } from './kserve.js';
import type { Format } from '../../domain/format-mapping.js';
import type { ForeignMessage } from './message.js';
import { openMlflow, openRecord } from './mlflow.js';
import { parseJson } from './parse-json.js';
import { openSagemaker } from './sagemaker.js';
import type { SchemaDecoders } from './schema-decoders.js';
import { isSeldonTopic, openSeldon } from './seldon.js';

/** What is in a message, and which format told. */
export interface OpenedMessage {
  readonly format: Exclude<Format, 'auto'>;
  readonly opened: Opened;
}

/**
 * Takes a message out of its framing, finds its format (or takes `said`) and reads the envelope. Throws FormatError when it
 * cannot be understood, SchemaRegistryError when its schema cannot be had now.
 */
export async function openMessage(
  message: ForeignMessage,
  said: Format,
  schemas: SchemaDecoders,
): Promise<OpenedMessage> {
  const body = await unframed(message, said, schemas);
  const json = 'json' in body ? body.json : jsonOrUndefined(body.bytes);
  const format = said === 'auto' ? detectFormat(message, json) : said;
  return { format, opened: open(format, message, body) };
}

function open(format: Exclude<Format, 'auto'>, message: ForeignMessage, body: Body): Opened {
  if (format === 'seldon') return openSeldon(message, body);
  // the data of a CloudEvent in binary mode is the value itself, JSON or not
  if (format === 'kserve')
    return openKserve(message, 'json' in body ? body.json : jsonOrUndefined(body.bytes));
  if (format === 'native') return { kind: 'native', value: nativeBytes(message, body) };
  const json = 'json' in body ? body.json : parseJson(body.bytes, 'the message');
  if (format === 'sagemaker') return openSagemaker(json, message);
  if (format === 'databricks') return openDatabricks(json);
  return format === 'mlflow' ? openMlflow(json, message) : openRecord(json, message);
}

async function unframed(message: ForeignMessage, said: Format, schemas: SchemaDecoders): Promise<Body> {
  const framed = unframe(message);
  if (framed === null) return { bytes: message.value };
  if (said === 'seldon' || isSeldonTopic(message.topic)) {
    // its messages are known without a registry
    const indexes = messageIndexes(framed);
    if (indexes === null) throw new FormatError('undecodable', 'the bytes end within the message indexes');
    return { bytes: indexes.body };
  }
  return { json: await schemas.decode(framed) };
}

function jsonOrUndefined(bytes: Buffer): unknown {
  if (!looksLikeJson(bytes)) return undefined;
  try {
    return JSON.parse(withoutBom(bytes).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** A native event that a schema decoded is written as JSON again. */
function nativeBytes(message: ForeignMessage, body: Body): Buffer {
  if ('bytes' in body) return message.value;
  const finite = (name: string, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new FormatError('not_finite', `${name} is NaN or infinite: send null for a missing value`);
    return value;
  };
  return Buffer.from(JSON.stringify(body.json, finite));
}
