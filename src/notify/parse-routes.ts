import { parse } from 'yaml';
import { z } from 'zod';
import { issueTexts } from '../config/issue-texts.js';
import { CodedError } from '../domain/coded-error.js';
import { Duration } from '../domain/duration.js';
import { MatcherText } from '../domain/matcher.js';
import { WeeklyTime } from '../domain/weekly-time.js';
import type { Route } from './routes.js';

const MINUTE = 60_000;
const Names = z.array(z.string()).default([]);
const Wait = Duration.refine((ms) => ms >= MINUTE, 'at least 1m');

const Step = z.strictObject({ after: Wait, channels: z.array(z.string()).min(1) });

const Branch = z.strictObject({
  match: z.array(MatcherText).default([]),
  during: Names,
  outside: Names,
  channels: z.array(z.string()).min(1).optional(),
  escalate: z.array(Step).refine(rises, 'steps come one after the other, each later than the one before').optional(), // prettier-ignore
  remind: z.array(Wait).refine((all) => rises(all.map((after) => ({ after }))), 'each later than the one before').optional(), // prettier-ignore
  continue: z.boolean().default(false),
  get routes() {
    return z.array(Branch).default([]);
  },
});

const Document = z.object({
  channels: z.record(z.string(), z.unknown()).default({}),
  times: z.record(z.string(), WeeklyTime).default({}),
  routes: z.array(Branch).default([]),
});

/** Routes of a channels file that cannot be used, with everything wrong in them. */
export class RoutesError extends CodedError {
  override readonly name = 'RoutesError';
  readonly code = 'bad_routes';
  constructor(readonly problems: readonly string[]) {
    super(
      `the routes of the channels file cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
}

/** The `routes` of a channels file that was read before, so that it is YAML. Throws RoutesError with every problem. */
export function parseRoutes(text: string): readonly Route[] {
  const result = Document.safeParse(parse(text) ?? {});
  if (!result.success) throw new RoutesError(issueTexts(result.error.issues));
  const { channels, times, routes } = result.data;
  const problems = routes.flatMap((branch, i) => strangers(branch, `routes.${i}`, { channels, times }));
  if (problems.length > 0) throw new RoutesError(problems);
  return routes.map((branch) => routeFrom(branch, times));
}

type Branch = z.infer<typeof Branch>;
type Known = Pick<z.infer<typeof Document>, 'channels' | 'times'>;

/** Names that nothing in the file has. */
function strangers(branch: Branch, place: string, known: Known): readonly string[] {
  const said = (field: string, names: readonly string[], among: object, kind: string) =>
    names
      .filter((name) => !Object.hasOwn(among, name))
      .map((name) => `${place}.${field}: there is no ${kind} "${name}" (there are ${Object.keys(among).join(', ') || 'none'})`); // prettier-ignore
  const steps = (branch.escalate ?? []).flatMap(({ channels }) => channels);
  return [
    ...said('channels', branch.channels ?? [], known.channels, 'channel'),
    ...said('escalate', steps, known.channels, 'channel'),
    ...said('during', branch.during, known.times, 'time'),
    ...said('outside', branch.outside, known.times, 'time'),
    ...branch.routes.flatMap((one, i) => strangers(one, `${place}.routes.${i}`, known)),
  ];
}

function routeFrom(branch: Branch, times: Known['times']): Route {
  const named = (names: readonly string[]) => names.flatMap((name) => times[name] ?? []);
  return {
    match: branch.match,
    channels: branch.channels,
    escalate: branch.escalate,
    remind: branch.remind,
    continue: branch.continue,
    during: named(branch.during),
    outside: named(branch.outside),
    routes: branch.routes.map((one) => routeFrom(one, times)),
  };
}

function rises(steps: readonly { readonly after: number }[]): boolean {
  return steps.every(({ after }, i) => i === 0 || after > (steps[i - 1]?.after ?? 0));
}
