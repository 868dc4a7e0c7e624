import { createHmac } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { z } from 'zod';

/** Browsers keep no more of a cookie. */
const COOKIE_BYTES = 3_800;

const Held = z.object({
  session: z.string(),
  /** When a page was last asked for, in milliseconds, and until when the provider's word counts. */
  seen: z.number(),
  until: z.number(),
  refresh: z.string().nullable(),
});
/** What a browser holds of a sign-in. */
export type HeldSession = z.infer<typeof Held>;

const Trying = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  begun: z.number(),
});
/** What a browser holds while somebody is away at the provider. */
export type HeldAttempt = z.infer<typeof Trying>;

/** Cookies that only this service can read and make (JWE, direct encryption with AES-256-GCM), so that the service itself remembers nothing of them. */
export class SealedCookies {
  private readonly key: Uint8Array;

  constructor(secret: string) {
    this.key = createHmac('sha256', secret).update('cookies of people').digest();
  }

  /** A refresh token that is too long for a cookie is left out: the person is sent to the provider instead. */
  async sealSession(held: HeldSession): Promise<string> {
    const text = await this.seal(held);
    return text.length <= COOKIE_BYTES ? text : this.seal({ ...held, refresh: null });
  }

  async sealAttempt(held: HeldAttempt): Promise<string> {
    return this.seal(held);
  }

  async openSession(text: string): Promise<HeldSession | null> {
    return Held.safeParse(await this.unseal(text)).data ?? null;
  }

  async openAttempt(text: string): Promise<HeldAttempt | null> {
    return Trying.safeParse(await this.unseal(text)).data ?? null;
  }

  private async seal(value: object): Promise<string> {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    return new CompactEncrypt(bytes).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(this.key);
  }

  /** Null for what somebody else made. */
  private async unseal(text: string): Promise<unknown> {
    try {
      const { plaintext } = await compactDecrypt(text, this.key);
      return JSON.parse(new TextDecoder().decode(plaintext));
    } catch {
      return null;
    }
  }
}
