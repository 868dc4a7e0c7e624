/** Where a model's learning begins, epoch ms. */
export interface LearningPeriod {
  /** Start of the window with its first row. */
  readonly first: number;
  readonly since: number;
  /** Windows with rows before that: the one in which its rows began, and what stood alone. */
  readonly before: number;
}

/** Where models begin to learn, as far as somebody has looked. */
export class LearningPeriods {
  private readonly known = new Map<string, LearningPeriod>();

  /** Of a model whose first row is in a window that starts there; null while nobody has looked. */
  of(model: string, first: number): LearningPeriod | null {
    const known = this.known.get(model);
    return known?.first === first ? known : null;
  }

  /** Notes from where on the rows of a model make a reference. */
  note(model: string, period: LearningPeriod): void {
    this.known.set(model, period);
  }
}
