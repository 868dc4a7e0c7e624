import { z } from 'zod';
import type { DestinationRef } from '../domain/delivery.js';

const Url = z.url({ protocol: /^https?$/, error: 'an http or https address' });

/** Where training runs are started. */
export const RetrainTarget = z.discriminatedUnion('kind', [
  /** A signed CloudEvent `io.tidewatch.retrain.requested.v1` to any receiver. */
  z.strictObject({
    kind: z.literal('webhook'),
    url: Url,
    secret: z.string().regex(/^(whsec_|whsk_)/, 'a secret that starts with whsec_ or whsk_'),
  }),
  /** Its API tokens last a day: a user with a password, or a file that something else renews, outlives a fixed one. */
  z
    .strictObject({
      kind: z.literal('airflow'),
      url: Url,
      dag: z.string().regex(/^[\w.-]+$/),
      token: z.string().min(1).optional(),
      tokenFile: z.string().min(1).optional(),
      user: z.string().min(1).optional(),
      password: z.string().min(1).optional(),
    })
    .refine(
      ({ token, tokenFile, user, password }) =>
        [token, tokenFile, user ?? password].filter((one) => one !== undefined).length === 1 &&
        (user === undefined) === (password === undefined),
      'give one of: user and password, tokenFile, token',
    ),
  z.strictObject({
    kind: z.literal('github'),
    url: Url.default('https://api.github.com'),
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
    event: z.string().min(1).max(100).default('retrain'),
    token: z.string().min(1),
  }),
  z.strictObject({
    kind: z.literal('databricks'),
    url: Url,
    job: z.number().int().positive(),
    token: z.string().min(1),
  }),
]);
export type RetrainTarget = z.infer<typeof RetrainTarget>;

/** The target as the ledger may know it: its name, and an address without credentials. */
export function targetRef(name: string, target: RetrainTarget): DestinationRef {
  const { origin, pathname } = new URL(target.url);
  return { id: `retrain:${name}`, kind: 'retrain', address: `${target.kind} ${origin}${pathname}` };
}
