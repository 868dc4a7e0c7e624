import type { LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import { demandPlain } from './key-request.js';
import { RegistryError } from './registry-error.js';

/** A decision of a model that a person overrode. */
export interface Override {
  readonly seq: number;
  readonly at: Date;
  readonly model: string;
  readonly version: string | null;
  /** Keyed hashes: who has the plain text finds it again, and nobody reads it here. */
  readonly predictionRef: string;
  readonly subjectRef: string | null;
  /** What the model decided, and what holds instead. */
  readonly decided: string;
  readonly outcome: string;
  readonly reason: string;
  /** Whoever overrode it: a name as they were called then, or as the sender calls them. */
  readonly reviewer: string;
  /** Actor id of whoever entered it. */
  readonly enteredBy: string;
  /** Whether what the model decided was held against a stored prediction; null in entries that do not say. */
  readonly isCompared: boolean | null;
}

/** What somebody says of it; hashes are made before. */
export type Overriding = Omit<Override, 'seq' | 'at' | 'reviewer' | 'enteredBy'> & {
  readonly reviewer: string | null;
};

const LONGEST = 1000;

/** Decisions that people overrode (AI Act Article 14, GDPR Article 22): a fold over `override.recorded`, and the decision that makes such an entry. */
export class Overrides {
  readonly #all: Override[] = [];

  /** Oldest first. */
  list(): readonly Override[] {
    return this.#all;
  }

  /** `known` are names of people. Throws RegistryError where the decision did not change, a text is missing or no text, or the reviewer looks like somebody else. */
  record(said: Overriding, { actor, name }: Person, at: Date, known: readonly string[] = []): readonly NewEntry[] {
    const { model, version, predictionRef, subjectRef } = said;
    const decided = demandText(said.decided, 'decided');
    const outcome = demandText(said.outcome, 'outcome');
    if (decided === outcome)
      throw new RegistryError('not_overridden', 'outcome', `outcome: is "${outcome}" as the model decided: nothing was overridden`);
    const reason = demandText(reasonOf(said.reason, 'reason', 'a decision is overridden'), 'reason');
    const reviewer = demandText(said.reviewer ?? name, 'reviewer');
    demandPlain(reviewer, 'reviewer', known);
    const data = { isCompared: said.isCompared, version, prediction: predictionRef, subject: subjectRef, decided, outcome, reason, reviewer };
    return [{ action: 'override.recorded', actor, at, subject: { type: 'model', id: model }, data }];
  } // prettier-ignore

  apply({ action, actor, subject, data, at, seq }: LedgerEntry): void {
    if (action !== 'override.recorded') return;
    const text = (name: string) => {
      const value = data[name];
      return typeof value === 'string' ? value : null;
    };
    this.#all.push({
      seq,
      at,
      model: subject.id,
      version: text('version'),
      predictionRef: text('prediction') ?? '',
      subjectRef: text('subject'),
      decided: text('decided') ?? '',
      outcome: text('outcome') ?? '',
      reason: text('reason') ?? '',
      reviewer: text('reviewer') ?? '',
      enteredBy: actor.id,
      isCompared: typeof data['isCompared'] === 'boolean' ? data['isCompared'] : null,
    });
  }

  reset(): void {
    this.#all.length = 0;
  }
}

function demandText(text: string, field: string): string {
  const written = text.trim();
  if (written === '' || written.length > LONGEST)
    throw new RegistryError('text_required', field, `${field}: write 1 to ${LONGEST} characters`);
  return written;
}
