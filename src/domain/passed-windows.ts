import type { FeatureProfile, WindowProfile } from './profile.js';

/** What of a window of a reference is asked once its series are fitted: when it was, how many rows it had, and of features that were null somewhere whether they were here. */
export interface PassedWindow {
  readonly from: Date;
  readonly to: Date;
  readonly profile: Pick<WindowProfile, 'predictions'> & {
    readonly features: Readonly<Record<string, Pick<FeatureProfile, 'rows' | 'nulls' | 'missing'>>>;
  };
}

/** Rows of one feature by window; NaN where a window knows nothing of it. */
interface FeatureRows {
  readonly name: string;
  readonly rows: Float64Array;
  readonly nulls: Float64Array;
  readonly missing: Float64Array;
}

/** Numbers of all windows of a reference, column by column: a fleet holds hundreds of windows of thousands of models, and an object each is ten times as large. */
interface Columns {
  /** Epoch ms. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly predictions: Float64Array;
  readonly features: readonly FeatureRows[];
}

/** One window, read from the columns when it is asked. */
class WindowInColumns implements PassedWindow {
  constructor(
    private readonly columns: Columns,
    private readonly place: number,
  ) {}

  get from(): Date {
    return new Date(this.columns.from[this.place] ?? NaN);
  }

  get to(): Date {
    return new Date(this.columns.to[this.place] ?? NaN);
  }

  get profile(): PassedWindow['profile'] {
    const { predictions, features } = this.columns;
    const at = (column: Float64Array) => column[this.place] ?? NaN;
    const known = features.filter(({ rows }) => !Number.isNaN(at(rows)));
    const own = known.map(({ name, rows, nulls, missing }) => [
      name,
      { rows: at(rows), nulls: at(nulls), missing: at(missing) },
    ]);
    return {
      predictions: at(predictions),
      features: Object.fromEntries(own) as PassedWindow['profile']['features'],
    };
  }
}

/** Of windows whose series are fitted: when they were, their rows, and of these features whether they were there. */
export function passedWindows(
  windows: readonly PassedWindow[],
  features: readonly string[],
): readonly PassedWindow[] {
  const column = (of: (window: PassedWindow) => number | undefined) =>
    Float64Array.from(windows, (window) => of(window) ?? NaN);
  const columns: Columns = {
    from: column(({ from }) => from.getTime()),
    to: column(({ to }) => to.getTime()),
    predictions: column(({ profile }) => profile.predictions),
    features: features.map((name) => ({
      name,
      rows: column(({ profile }) => profile.features[name]?.rows),
      nulls: column(({ profile }) => profile.features[name]?.nulls),
      missing: column(({ profile }) => profile.features[name]?.missing),
    })),
  };
  return windows.map((_, place) => new WindowInColumns(columns, place));
}
