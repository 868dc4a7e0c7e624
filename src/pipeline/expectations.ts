import { expectationRules } from '../domain/expectation.js';
import { readBrokenRows, type BrokenRow } from '../profiles/broken-rows.js';
import { inOneWindow, type Span } from '../profiles/merge-minutes.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { Stages } from './stages.js';

/** What is expected of every row, and how many broke it. */
export interface ExpectationStanding {
  readonly expectation: string;
  readonly feature: string | null;
  /** The part of the rows that may break it. */
  readonly atMost: number;
  readonly rows: number;
  readonly broken: number;
  readonly examples: readonly BrokenRow[];
}

/** Expectations of which examples are read. */
const WITH_EXAMPLES = 10;

/** What the model file expects, over a stretch, the most broken first. One query, and one for the examples of each that is broken. */
export async function readExpectations(
  { database, outcomes, references }: Pick<Stages, 'database' | 'outcomes' | 'references'>,
  registered: RegisteredModel,
  span: Omit<Span, 'widthMs'>,
  examples: number,
): Promise<readonly ExpectationStanding[]> {
  const { model } = registered;
  const rules = expectationRules(model.expectations);
  if (rules.length === 0) return [];
  const baseline = await references.usableOf(heldAgainst(registered, span.version));
  const asked = { baseline: baseline?.id ?? '', rules: rules.map(({ name }) => name) };
  const [measured = {}] = (await outcomes.measures(model, inOneWindow(span), asked)).values();
  const standings = rules.map((rule) => {
    const measure = measured[rule.name];
    const { hits: broken, trials: rows } = measure?.kind === 'rate' ? measure : { hits: 0, trials: 0 };
    const { statistic: expectation, feature, most: atMost } = rule;
    return { rule, expectation, feature, atMost, rows, broken };
  });
  const sorted = standings.sort((a, b) => b.broken / Math.max(1, b.rows) - a.broken / Math.max(1, a.rows));
  return Promise.all(
    sorted.map(async ({ rule, ...standing }, i) => {
      const isShown = examples > 0 && standing.broken > 0 && i < WITH_EXAMPLES;
      const found = isShown ? await readBrokenRows(database, model, rule, span, examples) : [];
      return { ...standing, examples: found };
    }),
  );
}
