import { z } from 'zod';

/** A registry of versions that tells when one is made: MLflow with its webhooks, which is the result side of a training. */
export const VersionRegistry = z
  .strictObject({
    kind: z.literal('mlflow').default('mlflow'),
    /** Of the tracking server, without `/api`. */
    url: z.url({ protocol: /^https?$/, error: 'an http or https address' }),
    /** That its webhooks are signed with. */
    secret: z.string().min(16, 'a webhook secret of at least 16 characters'),
    token: z.string().min(1).optional(),
    tokenFile: z.string().min(1).optional(),
    /** Registered model there → key of the model here. */
    models: z.record(z.string(), z.string()),
  })
  .refine(
    ({ token, tokenFile }) => token === undefined || tokenFile === undefined,
    'give one of: token, tokenFile',
  );
export type VersionRegistry = z.infer<typeof VersionRegistry>;
