import { z } from 'zod';

const Probability = z.number().gt(0).lt(1);
const Level = z.number().gt(0).max(100);
const Fewest = z.number().int().min(1).max(100_000);

const SHAPES = [
  z.strictObject({
    kind: z.literal('adwin'),
    delta: Probability.exactOptional(),
    clock: z.number().int().min(1).max(10_000).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('ddm'),
    minimumLabels: Fewest.exactOptional(),
    warningLevel: Level.exactOptional(),
    driftLevel: Level.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('hddm_a'),
    driftConfidence: Probability.exactOptional(),
    warningConfidence: Probability.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('hddm_w'),
    driftConfidence: Probability.exactOptional(),
    warningConfidence: Probability.exactOptional(),
    lambda: Probability.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('page_hinkley'),
    minimumValues: Fewest.exactOptional(),
    delta: z.number().min(0).max(1e9).exactOptional(),
    threshold: z.number().gt(0).max(1e12).exactOptional(),
    alpha: z.number().gt(0).max(1).exactOptional(),
    direction: z.enum(['up', 'down', 'both']).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('e_detector'),
    acceptableRate: Probability.exactOptional(),
    falseAlarmRate: Probability.exactOptional(),
  }),
] as const;
const Settings = z.discriminatedUnion('kind', SHAPES);

/** Detectors on the stream of labels that a policy may ask for. */
export const DETECTORS = ['adwin', 'ddm', 'hddm_a', 'hddm_w', 'page_hinkley', 'e_detector'] as const;
const Name = z.enum(DETECTORS, { error: `a detector is one of ${DETECTORS.join(', ')}` });

/** A detector as a policy names it: by its name alone, or with settings that differ from its own. */
export const Detector = z.preprocess(
  (written) => (typeof written === 'string' ? { kind: written } : written),
  z.looseObject({ kind: Name }).pipe(Settings),
);
export type Detector = z.infer<typeof Settings>;

/** What the result series of a detector is called: its name, and the settings that were given, in the order of their names. */
export function detectorStatistic({ kind, ...settings }: Detector): string {
  const given = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return given.length === 0
    ? kind
    : `${kind}(${given.map(([name, value]) => `${name}=${value}`).join(', ')})`;
}

/** Whether a statistic is that of a detector, which only rules hear that ask for it. */
export function isDetector(statistic: string): boolean {
  return DETECTORS.some((kind) => statistic === kind || statistic.startsWith(`${kind}(`));
}
