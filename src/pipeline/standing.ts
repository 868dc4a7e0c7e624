import { z } from 'zod';
import { FENCED_STEPS, type ModelFault } from './model-faults.js';
import type { ReplicaRow } from '../replicas/replica-table.js';
import type { UnusableReference } from './reference.js';
import type { Stages } from './stages.js';

const Standing = z.object({
  problem: z.string().nullable(),
  beyondLateness: z.number(),
  // Another process may be of before this was said.
  unsummed: z.string().nullable().default(null),
  faults: z.array(
    z.object({
      model: z.string(),
      version: z.string().nullable(),
      step: z.enum(FENCED_STEPS),
      reason: z.string(),
      since: z.coerce.date(),
    }),
  ),
});
const Standings = z.record(z.string(), Standing);
/** Reports that were read, by the process's row: a page asks for thousands of models. */
const read = new WeakMap<ReplicaRow, z.infer<typeof Standings>>();

/** What only the process knows that judges a model. */
export interface ModelStanding {
  /** Why its reference could not be frozen; null while it could, or is not complete. */
  readonly problem: string | null;
  /** Rows that came later than the model allows, since the process took it up. */
  readonly beyondLateness: number;
  /** What of it is stored and in no number yet, in words; null while nothing waits. */
  readonly unsummed: string | null;
  /** What fails for it while other models go on. */
  readonly faults: readonly ModelFault[];
}

/** Where it is read. */
export type StandingParts = Pick<Stages, 'replicas' | 'references' | 'book' | 'faults' | 'backlog' | 'clock'>;

const NOTHING: ModelStanding = { problem: null, beyondLateness: 0, unsummed: null, faults: [] };

/** How a model stands, wherever it is judged: another process tells about its own with every beat. */
export function modelStanding(
  stages: StandingParts,
  problems: ReadonlyMap<string, string>,
  model: string,
): ModelStanding {
  const said = stages.replicas.saidBy(model);
  if (said === null) return ownStanding(stages, problems, model);
  return standingsOf(said)[model] ?? NOTHING;
}

function standingsOf(said: ReplicaRow): z.infer<typeof Standings> {
  const known = read.get(said);
  if (known) return known;
  const found = Standings.safeParse(JSON.parse(said.standing)).data ?? {};
  read.set(said, found);
  return found;
}

/** The standing of this process's models as JSON for the others; models of which there is nothing to say are absent. */
export function standingsText(
  stages: StandingParts & Pick<Stages, 'registry'>,
  problems: ReadonlyMap<string, string>,
): string {
  const found: Record<string, ModelStanding> = {};
  for (const { model } of stages.registry.models()) {
    if (!stages.replicas.holds(model.key)) continue;
    const own = ownStanding(stages, problems, model.key);
    const says = own.problem !== null || own.unsummed !== null;
    if (says || own.beyondLateness > 0 || own.faults.length > 0) found[model.key] = own;
  }
  return JSON.stringify(found);
}

function ownStanding(
  { book, faults, references, backlog, clock }: Omit<StandingParts, 'replicas'>,
  problems: ReadonlyMap<string, string>,
  model: string,
): ModelStanding {
  return {
    problem: problems.get(model) ?? null,
    beyondLateness: book.tooLate.of(model),
    unsummed: backlog.of(model, clock.now()),
    faults: withUnusable(faults.of(model), references.unusableOf(model)),
  };
}

/** A reference that cannot be judged with is a fault before a window is due, too. */
function withUnusable(
  faults: readonly ModelFault[],
  unusable: readonly UnusableReference[],
): readonly ModelFault[] {
  const said = new Set(faults.map(({ reason }) => reason));
  const others = unusable.filter(({ reason }) => !said.has(reason));
  return [...faults, ...others.map((one) => ({ ...one, step: 'reference' as const }))];
}
