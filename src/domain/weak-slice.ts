/** One condition of a slice of the rows: an attribute and its value, in words. */
export interface SlicePart {
  readonly attribute: string;
  /** `web`, `12 < x <= 30`, or ABSENT. */
  readonly value: string;
}

/** The value of rows that do not have the attribute. */
export const ABSENT = '(absent)';

/** All values that the reference has too rarely to count one by one. */
export const RARE = '(rare)';

/** Rows of a slice and the losses of their answers. */
export interface LossSums {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** A slice in the period that is searched and in the one after it. */
export interface SliceSums {
  readonly parts: readonly SlicePart[];
  readonly searched: LossSums;
  readonly after: LossSums;
}

/** A slice that is answered worse than the rest in both periods; the numbers are those of the later one, which did not choose it. */
export interface WeakSlice {
  /** `origin=ORD`, or two conditions with `and` between. */
  readonly slice: string;
  readonly parts: readonly SlicePart[];
  /** Labelled rows. */
  readonly rows: number;
  /** Mean loss: the share of wrong answers, or the mean absolute error. */
  readonly loss: number;
  /** That of all other rows. */
  readonly elsewhere: number;
  /** 95 % interval of the difference of the two. */
  readonly low: number;
  readonly high: number;
}

/** A slice as it is named wherever a person reads it. */
export function sliceName(parts: readonly SlicePart[]): string {
  return parts.map(({ attribute, value }) => `${attribute}=${value}`).join(' and ');
}
