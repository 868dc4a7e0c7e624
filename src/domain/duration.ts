import { z } from 'zod';
import { QUOTED } from './quoted.js';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const WORDS = 'write a duration such as 15m, 1h or 30d';
const error = ({ input }: { readonly input?: unknown }) =>
  typeof input === 'number' ? `${WORDS}, not ${input}` : WORDS;

/** A duration as people write it (`90s`, `5m`, `1h`, `14d`), parsed to whole milliseconds. */
export const Duration = z.string({ error }).transform((text, context) => {
  const match = PATTERN.exec(text);
  const amount = Number(match?.[1]);
  const unit = match?.[2] as keyof typeof UNIT_MS | undefined;
  if (!unit || !Number.isFinite(amount)) {
    context.addIssue({
      code: 'custom',
      ...QUOTED,
      message: `"${text}" is not a duration: write 30s, 5m, 1h or 14d`,
    });
    return z.NEVER;
  }
  return Math.round(amount * UNIT_MS[unit]);
});

/** The same where none is no choice. */
export const Stretch = Duration.refine((ms) => ms > 0, 'write a duration of more than nothing');

/** Milliseconds as the shortest duration text that gives them back, e.g. 3 600 000 → `1h`. */
export function durationText(ms: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find(
    (name) => ms >= UNIT_MS[name] && ms % UNIT_MS[name] === 0,
  );
  return unit ? `${ms / UNIT_MS[unit]}${unit}` : `${ms}ms`;
}
