import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { MODEL_STAGES, type ModelStage } from '../domain/model.js';
import { RegistryError } from './registry-error.js';

/** A request of an MLflow server as it came, before anything in it is believed. */
export interface SignedByMlflow {
  readonly delivery: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: Buffer;
}

const LATEST_S = 300;

/**
 * Whether an MLflow server signed a request within five minutes of now (`v1,` and the base64 of HMAC-SHA256 over `delivery.timestamp.body`).
 * `secrets` are one or more, separated by blanks, so that one can be rotated.
 */
export function isSignedByMlflow(
  { delivery, timestamp, signature, body }: SignedByMlflow,
  secrets: string,
  now: Date,
): boolean {
  if (delivery === undefined || signature === undefined || !/^\d{1,12}$/u.test(timestamp ?? '')) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > LATEST_S) return false;
  const given = Buffer.from(signature);
  const signed = (secret: string) =>
    Buffer.from(
      `v1,${createHmac('sha256', secret).update(`${delivery}.${timestamp}.`).update(body).digest('base64')}`,
    );
  return secrets
    .split(/\s+/u)
    .filter((secret) => secret !== '')
    .map(signed)
    .some((wanted) => wanted.length === given.length && timingSafeEqual(wanted, given));
}

/** What an event of a registry asks for: that a version is described as the server knows it now, or that it moves to a stage. */
export type RegistryNews =
  | { readonly kind: 'describe'; readonly name: string; readonly version: string }
  | { readonly kind: 'stage'; readonly name: string; readonly version: string; readonly stage: ModelStage };

const Event = z.object({
  entity: z.string(),
  action: z.string(),
  data: z.looseObject({
    name: z.string().optional(),
    version: z.union([z.string(), z.number()]).transform(String).optional(),
    alias: z.string().optional(),
    key: z.string().optional(),
  }),
});

/**
 * What an event says, if that is anything here: a version that was created, a tag of its card that was set, an alias that is the name of a stage.
 * Throws RegistryError for what is no such event.
 */
export function readMlflowEvent(body: Buffer): RegistryNews | null {
  const parsed = Event.safeParse(jsonOf(body));
  if (!parsed.success)
    throw new RegistryError('bad_event', 'body', 'not an event of an MLflow registry: entity, action, data');
  const { entity, action, data } = parsed.data;
  const { name, version, alias, key } = data;
  if (name === undefined || version === undefined) return null;
  const what = `${entity}.${action}`;
  if (what === 'model_version.created') return { kind: 'describe', name, version };
  if (what === 'model_version_tag.set' && key?.startsWith('tidewatch.'))
    return { kind: 'describe', name, version };
  const stage = MODEL_STAGES.find((one) => one === alias);
  return what === 'model_version_alias.created' && stage ? { kind: 'stage', name, version, stage } : null;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
