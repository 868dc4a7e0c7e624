import { z } from 'zod';

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
