import { bodyJson, type Body } from './body.js';
import type { HalfKey, Opened } from './call.js';
import { readCloudEvent } from './cloud-event.js';
import { FormatError } from './format-error.js';
import { isRecord, textOrNull, type ForeignMessage } from './message.js';

/** KServe's logger, and Seldon Core 1's, which tells the nodes of its graph apart by `modelid`. */
const TYPE = /^(?:org\.kubeflow|io\.seldon)\.serving\.inference\.(request|response)$/u;
/** What the same loggers and detectors send beside the calls. */
const OTHER = /^(?:org\.kubeflow|io\.seldon)\.serving\.(?:feedback|inference\.(?:outlier|drift))/u;
const TAGS = ['namespace', 'component', 'endpoint'] as const;

/**
 * A CloudEvent → one side of a KServe call, or the native event that it carries. The id is the same on both sides.
 * Throws FormatError for a type that is neither.
 */
export function openKserve(message: ForeignMessage, json: unknown): Opened {
  const event = readCloudEvent(message, json);
  const { attributes } = event;
  const side = TYPE.exec(event.type)?.[1] as HalfKey['side'] | undefined;
  if (side === undefined)
    return OTHER.test(event.type)
      ? { kind: 'skipped', reason: 'no_inference' }
      : carriedNative(event.type, event.data);
  const { namespace = '', component = '', endpoint = '', modelid = '' } = attributes;
  const model = textOrNull(attributes['inferenceservicename']) ?? textOrNull(modelid);
  return {
    kind: 'half',
    half: {
      group: ['kserve', namespace, model ?? '', component, endpoint, ...(modelid ? [modelid] : [])].join('/'),
      id: event.id,
      side,
    },
    part: {
      model,
      ts: attributes['time'] ?? null,
      tags: Object.fromEntries(TAGS.flatMap((name) => (attributes[name] ? [[name, attributes[name]]] : []))),
      envelope: withJsonFields(attributes),
      body: event.data,
      force: null,
    },
  };
}

/** A native event may travel as the data of any CloudEvent. */
function carriedNative(type: string, data: Body): Opened {
  const json = bodyJson(data, 'the data of the CloudEvent');
  if (isRecord(json) && 'prediction_id' in json)
    return { kind: 'native', value: 'bytes' in data ? data.bytes : Buffer.from(JSON.stringify(json)) };
  throw new FormatError(
    'undecodable',
    `CloudEvent type ${type} is not known: send org.kubeflow.serving.inference.request or .response, or a native event as data`,
  );
}

/** `metadata` and `annotations` are JSON within a string: as objects, paths of a mapping can look into them. */
function withJsonFields(attributes: Readonly<Record<string, string>>): unknown {
  const parsed = ['metadata', 'annotations'].flatMap((name) => {
    try {
      return [[name, JSON.parse(attributes[name] ?? 'null') as unknown] as const];
    } catch {
      return [];
    }
  });
  return { ...attributes, ...Object.fromEntries(parsed) };
}
