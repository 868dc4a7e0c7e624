import { z } from 'zod';
import { secretWeakness } from './secret-strength.js';

/** Who holds such a secret may do everything. */
export const StrongSecret = z.string().superRefine((secret, context) => {
  const weakness = secretWeakness(secret);
  if (weakness !== null) context.addIssue({ code: 'custom', message: weakness });
});
