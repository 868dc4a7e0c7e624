import { countText, numberText } from './wording.js';

/** What a change has cost so far beyond what the reference would have. */
export interface ExtraCost {
  readonly currency: string;
  readonly since: Date;
  readonly until: Date;
  readonly total: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Answers of the stretch, and those whose labels told their cost. */
  readonly answers: number;
  readonly labelled: number;
  /** CORRECTED: some labels are still to come, and each of those that have stands for all of its class and age. */
  readonly basis: 'REALISED' | 'CORRECTED';
}

/** `about 41 200 EUR more than the reference rate would have cost (38 100 to 44 300), by 900 labels of 1 000 answers`. */
export function extraCostText({ currency, total, low, high, answers, labelled, basis }: ExtraCost): string {
  const [less, more] = [Math.min(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))];
  const interval = isSure({ low, high }) ? `${amountText(less)} to ${amountText(more)}` : `${amountText(low)} to ${amountText(high)}`;
  const direction = total < 0 ? 'less' : 'more';
  return `about ${amountText(Math.abs(total))} ${currency} ${direction} than the reference rate would have cost (${interval}), by ${countText(labelled)} labels of ${countText(answers)} answers${basis === 'CORRECTED' ? ', weighted for those that are still to come' : ''}`;
} // prettier-ignore

/** Whether the interval leaves no doubt that it cost more, or less. */
export function isSure({ low, high }: Pick<ExtraCost, 'low' | 'high'>): boolean {
  return low > 0 || high < 0;
}

/** An amount of money: whole where it is large, to three digits where it is not. */
export function amountText(amount: number): string {
  if (Math.abs(amount) < 100) return numberText(amount);
  return amount < 0 ? `−${countText(-amount)}` : countText(amount);
}
