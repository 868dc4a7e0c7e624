import type { Body } from './body.js';
import type { HalfKey, Opened } from './call.js';
import { FormatError } from './format-error.js';
import { momentOf } from '../landing/moment-of.js';
import { headerText, isRecord, textOrNull, type ForeignMessage } from './message.js';

/** `<prefix>.<namespace>.model|pipeline.<name>.inputs|outputs`, as Seldon Core 2 names its topics. */
const TOPIC = /^([^.]+)\.([^.]+)\.(model|pipeline)\.(.+)\.(inputs|outputs)$/u;
const ERRORS = /^([^.]+)\.([^.]+)\.errors\.errors$/u;

/** True for a topic that Seldon Core 2 writes. */
export function isSeldonTopic(topic: string): boolean {
  return TOPIC.test(topic) || ERRORS.test(topic);
}

/**
 * A record of a Seldon topic → one side of a call. Both sides share the header `x-request-id`, or the record's key, or the
 * body's own id. Throws FormatError when there is none of them.
 */
export function openSeldon(message: ForeignMessage, body: Body): Opened {
  const [, , namespace = '', kind = '', name = '', direction] = TOPIC.exec(message.topic) ?? [];
  if (direction === undefined) {
    if (ERRORS.test(message.topic)) return { kind: 'skipped', reason: 'seldon_error' };
    throw new FormatError(
      'undecodable',
      `topic ${message.topic} is not named as Seldon Core 2 names its topics`,
    );
  }
  const side: HalfKey['side'] = direction === 'inputs' ? 'request' : 'response';
  if (headerText(message, 'seldon-pipeline-errors') !== null)
    return { kind: 'skipped', reason: 'seldon_error' };
  const id = headerText(message, 'x-request-id') ?? message.key?.toString('utf8') ?? ownId(body);
  if (id === null || id === '')
    throw new FormatError(
      'missing_field',
      'the record has neither x-request-id nor key nor an id: its other side cannot be found',
    );
  return {
    kind: 'half',
    half: { group: `seldon/${namespace}/${kind}/${name}`, id, side },
    part: {
      model: name,
      ts: momentOf(message),
      tags: { namespace },
      envelope: { namespace, kind, name },
      body,
      force: forced(message),
    },
  };
}

function ownId(body: Body): string | null {
  return 'json' in body && isRecord(body.json) ? textOrNull(body.json['id']) : null;
}

function forced(message: ForeignMessage): 'json' | 'proto' | null {
  const said = headerText(message, 'seldon-infer-type')?.split('/')[0];
  return said === 'json' || said === 'proto' ? said : null;
}
