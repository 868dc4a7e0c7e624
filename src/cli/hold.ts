import { Command } from 'commander';
import { answering, table, utc, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Shown {
  readonly id: string;
  readonly model: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly person: string | null;
  readonly reason: string;
  readonly placedBy: string;
  readonly placedAt: string;
  readonly days: readonly { readonly model: string }[];
  readonly releasedBy: string | null;
  readonly releasedAt: string | null;
  readonly releaseReason: string | null;
}

const FIELDS =
  'id model since until person days { model } reason placedBy placedAt releasedBy releasedAt releaseReason';

/** `tidewatch hold`: what may not be deleted until somebody says so. */
export function holdCommand(): Command {
  return new Command('hold')
    .description('legal holds: what may not be deleted, neither by age nor by erasure')
    .addCommand(placeCommand())
    .addCommand(releaseCommand())
    .addCommand(listCommand());
}

interface PlaceOptions extends DataOptions {
  readonly model?: string;
  readonly since?: string;
  readonly until?: string;
  readonly subject?: string;
  readonly reason: string;
}

function placeCommand(): Command {
  const place = new Command('place')
    .description('hold what is stored of a model, a time or a person')
    .option('--model <key>', 'of this model; left out: of all')
    .option('--since <instant>', 'from when on, in the time of events', instantArgument)
    .option('--until <instant>', 'until when', instantArgument)
    .option('--subject <person>', 'a person, as events name them in `subject`')
    .requiredOption('--reason <text>', 'why; kept in the ledger');
  return onData(place, 'hold place --model credit-default --since 2026-01-01 --until 2026-07-01 --reason "case 12/2026"').action(
    answering(async ({ model, since, until, subject, reason, ...options }: PlaceOptions) =>
      change('legalHoldPlace', 'LegalHoldPlaceInput', { model, since, until, subject, reason }, options),
    ),
  ); // prettier-ignore
}

function releaseCommand(): Command {
  const release = new Command('release')
    .description('end a hold; what it held may be deleted after this')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; kept in the ledger');
  return onData(release, 'hold release hold_0f3c… --reason "case closed"').action(
    answering(async (id: string, { reason, ...options }: DataOptions & { readonly reason: string }) =>
      change('legalHoldRelease', 'LegalHoldReleaseInput', { id, reason }, options),
    ),
  );
}

function listCommand(): Command {
  const list = new Command('list')
    .description('holds in force, newest first')
    .option('--all', 'those that were released too');
  return onData(list, 'hold list').action(
    answering(async ({ all, ...options }: DataOptions & { readonly all?: boolean }) =>
      withApi(options, { data: true }, async (api) => {
        const document = `query ($inForce: Boolean) { legalHolds(inForce: $inForce) { ${FIELDS} } }`;
        const { legalHolds } = await api.query<{ legalHolds: readonly Shown[] }>(document, {
          inForce: all ? null : true,
        });
        const lines = legalHolds.length === 0 ? ['no holds'] : linesOf(legalHolds);
        return { ok: true, lines, json: { legalHolds } };
      }),
    ),
  );
}

async function change(field: string, type: string, input: object, options: DataOptions): Promise<Answer> {
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { hold { ${FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { hold } = await api.mutate<{ hold: Shown; userErrors: [] }>(field, document, { input });
    const isEmpty = hold.releasedAt === null && hold.person !== null && hold.days.length === 0;
    const remark =
      'nothing that is stored is about this person yet: write the name as events do in `subject`';
    return { ok: true, lines: [...linesOf([hold]), ...(isEmpty ? [remark] : [])], json: { hold } };
  });
}

function linesOf(holds: readonly Shown[]): readonly string[] {
  const rows = holds.map((one) => [
    one.id,
    one.model ?? 'all models',
    `${one.since ?? 'the beginning'} to ${one.until ?? 'the end'}`,
    one.person === null ? '' : `a person (${one.person.slice(0, 8)}…)`,
    one.releasedAt === null
      ? `since ${utc(one.placedAt)}`
      : `released ${utc(one.releasedAt)} by ${one.releasedBy ?? ''}: ${one.releaseReason ?? ''}`,
    one.placedBy,
    one.reason,
  ]);
  return table(['id', 'model', 'time', 'about', 'state', 'placed by', 'why'], rows);
}
