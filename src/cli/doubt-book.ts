import { countText } from '../domain/wording.js';

/** What the service would take and nobody could use, or means something else than it says. */
export const DOUBT_KINDS = [
  'time_shift',
  'label_first',
  'far_behind',
  'too_late',
  'no_version',
  'unmatched_label',
  'undeclared_label',
  'unknown_truth',
  'score_range',
  'sent_twice',
  'same_id',
] as const;
export type DoubtKind = (typeof DOUBT_KINDS)[number];

/** Events of one model that are doubtful for one reason. */
export interface Doubt {
  readonly kind: DoubtKind;
  readonly model: string;
  readonly count: number;
  /** Where the first of them stands. */
  readonly first: string;
  /** What is doubtful, after the count: `labels match no prediction …`. */
  readonly what: string;
  /** What to do about it. */
  readonly fix: string;
}

interface Found {
  count: number;
  readonly first: string;
}

/** Counts doubts by kind and model, and remembers where the first of each stands. */
export class DoubtBook {
  private readonly found = new Map<string, Found>();

  note(kind: DoubtKind, model: string, place: string): void {
    const key = `${kind}\0${model}`;
    const known = this.found.get(key);
    if (known) known.count += 1;
    else this.found.set(key, { count: 1, first: place });
  }

  /** Null where there is none of this kind. */
  of(kind: DoubtKind, model: string): Readonly<Found> | null {
    return this.found.get(`${kind}\0${model}`) ?? null;
  }
}

/** Such as: `  credit-default: 60 labels match no prediction of these files (the first: labels.ndjson, line 1): is prediction_id the same in both?` */
export function doubtLine({ model, count, first, what, fix }: Doubt): string {
  return `  ${model}: ${countText(count)} ${what} (the first: ${first}): ${fix}`;
}
