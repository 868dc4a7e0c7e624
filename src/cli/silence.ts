import { Command, InvalidArgumentError, Option } from 'commander';
import { Duration } from '../domain/duration.js';
import { MATCHED, meaningText, parseMatcher, type Matcher, type Meant } from '../domain/matcher.js';
import { answering, table, utc, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly suppressed: number;
  readonly matchers: readonly Matcher[];
  readonly only: readonly Meant[] | null;
}

const FIELDS =
  'id state startsAt endsAt createdBy comment suppressed matchers { name value equal } only { check feature segment }';

/** `tidewatch silence`: times in which something is not told. */
export function silenceCommand(): Command {
  return new Command('silence')
    .description('times in which something is not told')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(expireCommand());
}

interface AddOptions extends DataOptions {
  readonly for: number;
  readonly from?: string;
  readonly comment: string;
}

function addCommand(): Command {
  const add = new Command('add')
    .description('hold back what matches; its end is told all the same')
    .argument(
      '<matchers...>',
      `conditions that all hold, on ${MATCHED.join(', ')}; * stands for anything`,
      matchersArgument,
    )
    .addOption(
      new Option('--for <duration>', 'how long').argParser(durationArgument).default(3_600_000, '1h'),
    )
    .option('--from <instant>', 'when it begins; left out: now', instantArgument)
    .requiredOption('--comment <text>', 'why; needed, kept in the ledger');
  return onData(add, 'silence add model=credit-* feature=age --for 2h --comment "backfill is running"').action(
    answering(async (matchers: readonly Matcher[], options: AddOptions) => {
      const start = options.from === undefined ? Date.now() : Date.parse(options.from);
      const endsAt = new Date(start + options.for).toISOString();
      const input = { matchers, endsAt, comment: options.comment, startsAt: options.from };
      return change('silenceCreate', 'SilenceCreateInput', input, options);
    }),
  ); // prettier-ignore
}

function matchersArgument(text: string, before: readonly Matcher[] = []): readonly Matcher[] {
  const matcher = parseMatcher(text);
  if (matcher) return [...before, matcher];
  throw new InvalidArgumentError(`write name=value or name!=value; names are ${MATCHED.join(', ')}.`);
}

function durationArgument(text: string): number {
  const parsed = Duration.safeParse(text);
  if (parsed.success && parsed.data > 0) return parsed.data;
  throw new InvalidArgumentError('write 30m, 2h or 3d.');
}

function listCommand(): Command {
  const list = new Command('list')
    .description('silences, newest first')
    .addOption(new Option('--state <state>', 'only in this state').choices(['pending', 'active', 'expired']));
  return onData(list, 'silence list --state active').action(
    answering(async (options: DataOptions & { state?: string }) => {
      const document = `query ($states: [SilenceState!]) { silences(states: $states) { ${FIELDS} } }`;
      const states = options.state === undefined ? undefined : [options.state.toUpperCase()];
      return withApi(options, { data: true }, async (api) => {
        const { silences } = await api.query<{ silences: readonly Shown[] }>(document, { states });
        return {
          ok: true,
          lines: silences.length === 0 ? ['no silences'] : silenceLines(silences),
          json: { silences },
        };
      });
    }),
  );
}

function expireCommand(): Command {
  const expire = new Command('expire')
    .description('end a silence now; what it held back is told')
    .argument('<id>');
  return onData(expire, 'silence expire sil_0f3c…').action(
    answering(async (id: string, options: DataOptions) =>
      change('silenceExpire', 'SilenceExpireInput', { id }, options),
    ),
  );
}

async function change(field: string, type: string, input: object, options: DataOptions): Promise<Answer> {
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { silence { ${FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { silence } = await api.mutate<{ silence: Shown; userErrors: [] }>(field, document, { input });
    return { ok: true, lines: silenceLines([silence]), json: { silence } };
  });
}

/** Silences in columns, as a person reads them. */
export function silenceLines(silences: readonly Shown[]): readonly string[] {
  const rows = silences.map((one) => [
    one.id,
    one.state.toLowerCase(),
    meaningText({ matchers: one.matchers, only: one.only ?? undefined }),
    `${utc(one.startsAt)} to ${utc(one.endsAt)}`,
    String(one.suppressed),
    one.createdBy,
    one.comment,
  ]);
  return table(['id', 'state', 'matches', 'time', 'held back', 'by', 'why'], rows);
}
