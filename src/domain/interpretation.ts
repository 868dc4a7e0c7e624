import { z } from 'zod';
import { numberText, percentText } from './wording.js';

/** All values were multiplied, and perhaps moved, alike, as by another unit. */
const Converted = z.object({
  kind: z.literal('converted'),
  /** What was done to them: `× 100`, `× 1.8 + 32`. */
  change: z.string(),
  /** By how much they were multiplied; null where they were moved as well. */
  factor: z.number().nullable(),
  /** The units that fit: `miles → kilometres`; null where people know no conversion like it. */
  units: z.string().nullable(),
  /** How far the mean of the reference lies from zero, and how far that change moves it: in standard deviations of the reference. Absent where nobody kept it. */
  level: z.number().exactOptional(),
  moves: z.number().exactOptional(),
});
export type Converted = z.infer<typeof Converted>;

/** Scores rank answers as well as they did and mean something else than they did. */
const Uncalibrated = z.object({
  kind: z.literal('uncalibrated'),
  claim: z.discriminatedUnion('by', [
    /** The share of positive answers that they claim, and the share that came. */
    z.object({ by: z.literal('share'), claimed: z.number(), observed: z.number() }),
    /** How far the truth follows them, and how far it did in the reference: below, they claim too much on either side. */
    z.object({ by: z.literal('slope'), slope: z.number(), usual: z.number() }),
    /** As a sentence said it, of before this was kept. */
    z.object({ by: z.literal('words'), text: z.string() }),
  ]),
});
export type Uncalibrated = z.infer<typeof Uncalibrated>;

/**
 * What the numbers of a result show beside how large they are: a kind with its facts. Whatever is decided by it reads this, kept with the result, the incident and the message; the
 * sentence for people is made from it and decides nothing.
 */
const Interpretation = z.discriminatedUnion('kind', [Converted, Uncalibrated]);
export type Interpretation = z.infer<typeof Interpretation>;

/** Interpretations as they were stored. One of a kind that this release does not know is left out, and where nothing was stored nothing is known. */
export function readInterpretations(stored: unknown): readonly Interpretation[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((one) => Interpretation.safeParse(one).data ?? []);
}

/** Something that may be interpreted: a result, a verdict, an incident. */
interface Interpreted {
  readonly readAs?: readonly Interpretation[];
}

/** What was done to all values alike; null where nobody found that. */
export function convertedIn({ readAs }: Interpreted): Converted | null {
  return readAs?.find((one) => one.kind === 'converted') ?? null;
}

/** What scores mean now that they did not; null where nobody found that. */
export function uncalibratedIn({ readAs }: Interpreted): Uncalibrated | null {
  return readAs?.find((one) => one.kind === 'uncalibrated') ?? null;
}

/** `× 100: looks like units → cents`. */
export function convertedText({ change, units }: Converted): string {
  return units === null ? change : `${change}: looks like ${units}`;
}

/** How a sentence begins that says of scores that they rank answers as well as they did, and mean something else. */
export const UNCALIBRATED = 'scores are no longer calibrated';

/** That sentence. */
export function uncalibratedText({ claim }: Uncalibrated): string {
  if (claim.by === 'words') return `${UNCALIBRATED}${claim.text}`;
  if (claim.by === 'share')
    return `${UNCALIBRATED}: they claim ${percentText(claim.claimed)} positive, and ${percentText(claim.observed)} are`;
  const how = claim.slope < claim.usual ? 'too much' : 'too little';
  return `${UNCALIBRATED}: they claim ${how} on either side (slope ${numberText(claim.slope)}, ${numberText(claim.usual)} in the reference)`;
}
