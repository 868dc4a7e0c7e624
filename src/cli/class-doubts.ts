import { isObject } from '../domain/json-object.js';
import { someOf } from '../domain/wording.js';
import type { DeclaredModel } from './declared-models.js';
import type { Doubt } from './doubt-book.js';
import { answerIn, classText, type SeenEvent } from './seen-event.js';

type ClassRule = Pick<DeclaredModel, 'task' | 'positive' | 'classes'>;

/** More kinds of labels are no classes. */
const MOST_LABELS_TOLD = 200;

interface Said {
  count: number;
  readonly first: string;
}

interface Classes {
  readonly predicted: Map<string, Said>;
  readonly actual: Map<string, Said>;
  /** Classes that have a score. */
  readonly scored: Set<string>;
}

/** What labels there are among answers and among truths. */
export class ClassDoubts {
  private readonly models = new Map<string, Classes>();

  see(event: SeenEvent): void {
    const classes = this.models.get(event.model) ?? {
      predicted: new Map(),
      actual: new Map(),
      scored: new Set(),
    };
    this.models.set(event.model, classes);
    if (event.kind === 'label') return tally(classes.actual, classText(event.fields['label']), event.place);
    const { label, scores } = answerIn(event);
    for (const name of isObject(scores) ? Object.keys(scores) : [])
      if (classes.scored.size < MOST_LABELS_TOLD) classes.scored.add(name);
    return tally(classes.predicted, classText(label), event.place);
  }

  /** What of it is doubtful; `rule` is null where the service is not known to have the model. */
  of(model: string, rule: ClassRule | null): readonly Doubt[] {
    const classes = this.models.get(model);
    // What a model file names is held against it by the service itself.
    if (!classes || rule?.task === 'regression' || (rule?.classes ?? []).length > 0) return [];
    return [...undeclared(model, classes, rule), ...unknownTruth(model, classes, rule)];
  }
}

function tally(counts: Map<string, Said>, text: string | null, place: string): void {
  if (text === null) return;
  const known = counts.get(text);
  if (known) known.count += 1;
  else if (counts.size < MOST_LABELS_TOLD) counts.set(text, { count: 1, first: place });
}

/** Answers that no declaration, and no score, knows. */
function undeclared(model: string, { predicted, scored }: Classes, rule: ClassRule | null): readonly Doubt[] {
  const byCount = [...predicted].toSorted(([, a], [, b]) => b.count - a.count);
  const isBinary = rule ? rule.task === 'binary' : scored.size === 0;
  const odd = isBinary ? beyondTwo(byCount, rule?.positive ?? null) : byCount.filter(([name]) => scored.size > 0 && !scored.has(name));
  const told = isBinary ? 'a binary model has two' : 'which have no score';
  return doubtOf(odd, { kind: 'undeclared_label', model, what: `predictions answer ${namesOf(odd)}, ${told}`, fix: 'is that a class? name them all in the model file (classes: […]), and others are refused' });
} // prettier-ignore

/** Of a binary model: the positive class and the most frequent other one are its two. */
function beyondTwo(byCount: readonly (readonly [string, Said])[], positive: string | null): readonly (readonly [string, Said])[] {
  const others = byCount.filter(([name]) => name !== positive);
  return others.slice(positive === null ? 2 : 1);
} // prettier-ignore

/** Truths that no prediction answers: each of them counts as an error, or as the negative class. */
function unknownTruth(model: string, { predicted, actual, scored }: Classes, rule: ClassRule | null): readonly Doubt[] {
  if (predicted.size === 0) return [];
  const known = new Set([...predicted.keys(), ...scored, ...(rule?.positive ? [rule.positive] : [])]);
  const odd = [...actual].filter(([name]) => !known.has(name));
  // A binary model that answered one class only says nothing of how the other one is written.
  if (scored.size === 0 && known.size < 2) return [];
  return doubtOf(odd, { kind: 'unknown_truth', model, what: `labels are ${namesOf(odd)}, and predictions ${namesOf([...predicted])}: they would count as errors`, fix: 'write classes alike in both' });
} // prettier-ignore

function namesOf(said: readonly (readonly [string, Said])[]): string {
  return someOf(
    said.map(([name]) => JSON.stringify(name.slice(0, 64))),
    5,
  );
}

function doubtOf(odd: readonly (readonly [string, Said])[], about: Omit<Doubt, 'count' | 'first'>): readonly Doubt[] {
  const [first] = odd;
  if (!first) return [];
  const count = odd.reduce((sum, [, said]) => sum + said.count, 0);
  return [{ ...about, count, first: first[1].first }];
} // prettier-ignore
