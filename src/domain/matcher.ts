import { z } from 'zod';
import { someOf } from './wording.js';

/** What a matcher can look at. */
export const MATCHED = ['model', 'version', 'owner', 'tier', 'check', 'feature', 'segment', 'severity', 'policy', 'environment'] as const; // prettier-ignore
/** What is known of something by name; of several values any may be meant. */
export type Labels = Readonly<Record<(typeof MATCHED)[number], string | readonly string[]>>;

/** One condition: the value equals `value`, in which `*` stands for anything, or with `equal: false` does not. */
export const Matcher = z.object({
  name: z.enum(MATCHED),
  value: z.string().max(300),
  equal: z.boolean().default(true),
});
export type Matcher = z.infer<typeof Matcher>;

/** Whether all conditions hold. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ name, value, equal }) => {
    const known = labels[name];
    const values = typeof known === 'string' ? [known] : known;
    return values.some((one) => isLike(one, value)) === equal;
  });
}

/** A finding that is meant exactly, whatever characters its names have. */
export const Meant = z.object({ check: z.string(), feature: z.string(), segment: z.string() });
export type Meant = z.infer<typeof Meant>;

/** Conditions, and the findings that alone are meant where they are named. */
export interface Meaning {
  readonly matchers: readonly Matcher[];
  readonly only?: readonly Meant[] | undefined;
}

/** Whether all conditions hold, and it is one of the findings that are meant where some are named. */
export function isMeant({ matchers, only }: Meaning, labels: Labels): boolean {
  const isOne = ({ check, feature, segment }: Meant) =>
    labels.check === check && labels.feature === feature && labels.segment === segment;
  return matchesAll(matchers, labels) && (only === undefined || only.some(isOne));
}

/** The conditions under which something may be meant: one set for each finding that is named. */
export function conditionsOf({ matchers, only }: Meaning): readonly (readonly Matcher[])[] {
  if (only === undefined) return [matchers];
  const equal = true;
  return only.map(({ check, feature, segment }) => [
    ...matchers,
    { name: 'check', value: check, equal },
    { name: 'feature', value: feature, equal },
    { name: 'segment', value: segment, equal },
  ]);
}

/** Names in a line. */
const NAMED = 5;

/** `model=rent version=3, only feature_drift of age, output_drift`: what is meant, as people write and read it. */
export function meaningText({ matchers, only }: Meaning): string {
  const all = matchers.map(matcherText).join(' ');
  if (only === undefined) return all;
  const names = only.map(({ check, feature, segment }) =>
    [check, feature && ` of ${feature}`, segment && ` [${segment}]`].join(''),
  );
  return `${all}, only ${someOf(names, NAMED)}`;
}

/** Without a regular expression: what people write must not be able to hang the service. */
function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** `model=credit-*` or `severity!=critical` as a matcher; null when it is none. */
export function parseMatcher(text: string): Matcher | null {
  const found = /^([a-z]+)(!?=)(.*)$/su.exec(text.trim());
  const parsed = Matcher.safeParse({ name: found?.[1], value: found?.[3], equal: found?.[2] === '=' });
  return parsed.success ? parsed.data : null;
}

/** As people write it. */
export function matcherText({ name, value, equal }: Matcher): string {
  return `${name}${equal ? '=' : '!='}${value}`;
}

/** A matcher in a file. */
export const MatcherText = z.string().transform((text, context) => {
  const matcher = parseMatcher(text);
  if (matcher) return matcher;
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no matcher: write model=credit-* or severity!=critical, with one of ${MATCHED.join(', ')}`,
  });
  return z.NEVER;
});
