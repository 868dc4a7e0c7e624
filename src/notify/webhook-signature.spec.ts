import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { webhookSecretProblem, webhookSignature } from './webhook-signature.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';

describe('webhookSignature', () => {
  it('gives the published value of the Standard Webhooks and Svix documentation', () => {
    expect(webhookSignature(SECRET, ID, 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('G-14: signs with every key of a rotation, newest first, over the bytes of the body', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const seed = Buffer.from(String(privateKey.export({ format: 'jwk' })['d']), 'base64url').toString(
      'base64',
    );
    const [v1a = '', v1 = ''] = webhookSignature(`whsk_${seed} ${SECRET}`, ID, 1, '{"ä":1}').split(' ');
    const signed = Buffer.from(`${ID}.1.{"ä":1}`);
    expect(verify(null, signed, publicKey, Buffer.from(v1a.slice(4), 'base64'))).toBe(true);
    expect(v1).toBe(
      `v1,${createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
        .update(signed)
        .digest('base64')}`,
    );
    const changed = Buffer.from(`${ID}.2.{"ä":1}`);
    expect(verify(null, changed, publicKey, Buffer.from(v1a.slice(4), 'base64'))).toBe(false);
  });

  it.each(['', 'plain', 'whsec_c2hvcnQ=', 'whsk_c2hvcnQ=', `${SECRET} plain`])(
    'refuses the secret "%s" without quoting it',
    (secret) => {
      const problem = webhookSecretProblem(secret);
      expect(problem).not.toBeNull();
      expect(problem).not.toContain('c2hvcnQ=');
    },
  );
});

it('refuses a secret that is no base64, though Node would take its letters', () => {
  const secret = `whsec_${'not base64! '.repeat(4).trim().replaceAll(' ', '.')}`;
  expect(webhookSecretProblem(secret)).toBe('a whsec_ secret must be base64 of 24 to 64 bytes');
});
