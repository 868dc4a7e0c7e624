import { CodedError } from '../domain/coded-error.js';
import { createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto';

const HMAC_PREFIX = 'whsec_';
const ED25519_PREFIX = 'whsk_';
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** DER header of a PKCS #8 Ed25519 private key (RFC 8410); the 32-byte seed follows. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A secret that cannot sign. */
export class WebhookSecretError extends CodedError {
  override readonly name = 'WebhookSecretError';
  readonly code = 'bad_webhook_secret';
}

/**
 * `webhook-signature` of Standard Webhooks 1.0.0: for every secret one signature over `id.timestamp.body`, `v1` for `whsec_`
 * (HMAC-SHA256) and `v1a` for `whsk_` (Ed25519), blank-separated, so that a receiver may hold either key during a rotation.
 * `timestamp` is in whole seconds and is that of this attempt. Throws WebhookSecretError.
 */
export function webhookSignature(secrets: string, id: string, timestamp: number, body: string): string {
  const signed = Buffer.from(`${id}.${timestamp}.${body}`, 'utf8');
  return splitSecrets(secrets)
    .map((secret) => (secret.startsWith(HMAC_PREFIX) ? hmac(secret, signed) : ed25519(secret, signed)))
    .join(' ');
}

/** Why the secrets cannot sign, or null when they can. Says nothing of the secret itself. */
export function webhookSecretProblem(secrets: string): string | null {
  try {
    webhookSignature(secrets, 'test', 0, '');
    return null;
  } catch (error) {
    if (error instanceof WebhookSecretError) return error.message;
    throw error;
  }
}

function splitSecrets(secrets: string): readonly string[] {
  const found = secrets.split(/\s+/).filter((secret) => secret !== '');
  if (found.length === 0)
    throw new WebhookSecretError('the webhook has no secret: give whsec_<base64 of 24 to 64 random bytes>');
  return found;
}

function hmac(secret: string, signed: Buffer): string {
  const text = secret.slice(HMAC_PREFIX.length);
  const key = Buffer.from(text, 'base64');
  // Node skips what is not base64, and would sign with a key that nobody meant.
  if (!BASE64.test(text) || key.length < 24 || key.length > 64)
    throw new WebhookSecretError('a whsec_ secret must be base64 of 24 to 64 bytes');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

function ed25519(secret: string, signed: Buffer): string {
  if (!secret.startsWith(ED25519_PREFIX))
    throw new WebhookSecretError('a webhook secret must start with whsec_ or whsk_');
  return `v1a,${sign(null, signed, privateKey(secret)).toString('base64')}`;
}

function privateKey(secret: string): KeyObject {
  const bytes = Buffer.from(secret.slice(ED25519_PREFIX.length), 'base64');
  // 64 bytes are seed and public key, as libsodium writes them.
  if (bytes.length !== 32 && bytes.length !== 64)
    throw new WebhookSecretError('a whsk_ secret must be base64 of 32 or 64 bytes');
  return createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, bytes.subarray(0, 32)]),
    format: 'der',
    type: 'pkcs8',
  });
}
