import { versionPlace } from '../domain/version-place.js';
import { fitBaselineInSteps } from '../checks/fit-baseline.js';
import type { FittedBaseline } from '../checks/fitted-baseline.js';
import { passed, type Baseline, type WholeBaseline } from '../domain/baseline.js';
import type { Clock } from '../domain/clock.js';
import type { Model } from '../domain/model.js';
import { UnusableBaseline, type BaselineRepository } from '../profiles/baseline.repository.js';
import { withHolidays } from '../registry/holidays.js';
import type { PinnedBaseline, RegisteredModel } from '../registry/registry.js';
import type { Track } from '../windows/due-windows.js';
import { inTurns } from './in-turns.js';
import { LearningPeriods } from './learning-periods.js';
import { termsOf, type ReferenceTerms } from './reference-terms.js';
import { VersionEstimates } from './version-estimate.js';

/** What a model is held against: its frozen baseline and the seasonal models fitted on it; both null while it is learning. */
export interface Reference {
  readonly baseline: Baseline | null;
  readonly fitted: FittedBaseline | null;
}

const LEARNING: Reference = { baseline: null, fitted: null };

/** What evidence on a track was gathered against; '' while there is nothing. What labels taught later is nothing to the inputs. */
export function referenceId(track: Track, { baseline }: Pick<Reference, 'baseline'>): string {
  if (!baseline) return '';
  return track === 'labels' && baseline.labels ? `${baseline.id}+${baseline.labels.id}` : baseline.id;
}

/** What of the registry a reference is made from: the same objects until one of them changes. */
type Origin = Pick<RegisteredModel, 'model' | 'baseline'>;

interface Held {
  /** What the fit depends on, and what of the registry says so. */
  readonly key: string;
  origin: Origin;
  /** Read when it is asked for, or fitted: of thousands that are taken up at once only what is needed is in memory. */
  readonly baseline: () => Promise<Baseline>;
  readonly reference: Promise<Reference>;
  /** The reference once it is fitted. */
  ready: Reference | null;
  /** Why it could not be read or fitted; whoever asks next is told, and after that it is tried again. */
  failure: unknown;
}

/** References of single versions of a model that are held at a time. */
const MOST_OWN = 3;

/** Where a baseline comes from: with the profiles of its windows for a fit, without them for everything after. */
interface Source {
  readonly whole: () => Promise<WholeBaseline>;
  readonly held: () => Promise<Baseline>;
  /** The same object as `held` gives, without another reading. */
  readonly heldOf: (loaded: WholeBaseline) => Promise<Baseline>;
}

function sourceOf(whole: () => Promise<WholeBaseline>): Source {
  let known: Promise<Baseline> | null = null;
  const read = async () => {
    try {
      return passed(await whole());
    } catch (error) {
      known = null; // it is tried again
      throw error;
    }
  };
  return {
    whole,
    held: async () => (known ??= read()),
    heldOf: async (loaded) => (known ??= Promise.resolve(passed(loaded))),
  };
}

function isSame(known: Origin, { model, baseline }: Origin): boolean {
  return known.model === model && known.baseline === baseline;
}

/** Whose reference it is: the model's, or that of one of its versions. */
function placeOf({ model, baseline }: RegisteredModel): string {
  return versionPlace(model.key, baseline?.version ?? '');
}

/** A reference that nothing is judged with, and why. */
export interface UnusableReference {
  readonly model: string;
  /** Whose own it is; null where it is the model's. */
  readonly version: string | null;
  readonly reason: string;
  readonly since: Date;
}

/** The references in force, fitted once each; a model's former one is let go of. Which is in force is in the ledger; the fit follows from it alone. */
export class References {
  private readonly held = new Map<string, Held>();
  /** The terms of every reference that was fitted, held or not, by place. */
  private readonly known = new Map<string, Origin & { readonly terms: ReferenceTerms }>();
  /** The reference that summaries are on, by place. */
  private readonly summarised = new Map<string, string>();
  private readonly freezing = new Map<string, number>();
  /** Where learning begins. */
  readonly learning = new LearningPeriods();
  /** Up to where labels taught nothing, by baseline. */
  private readonly barren = new Map<string, Date>();
  private fits: Promise<unknown> = Promise.resolve();

  private readonly estimates: VersionEstimates;

  /** Those in force that cannot be judged with, by place. */
  private readonly unusable = new Map<string, UnusableReference>();

  constructor(
    private readonly baselines: BaselineRepository,
    private readonly clock: Clock,
  ) {
    this.estimates = new VersionEstimates(baselines);
  }

  async of(registered: RegisteredModel): Promise<Reference> {
    const held = this.hold(registered);
    return held ? this.estimates.of(registered, await held.reference) : LEARNING;
  }

  /** The frozen baseline alone; null while the model is learning. */
  async baselineOf(registered: RegisteredModel): Promise<Baseline | null> {
    const held = this.hold(registered);
    if (!held) return null;
    const seen = await this.estimates.of(
      registered,
      held.ready ?? { baseline: await held.baseline(), fitted: null },
    );
    return seen.baseline;
  }

  /** The same for whoever only looks: null also where it cannot be judged with, which is a fault of the model. */
  async usableOf(registered: RegisteredModel): Promise<Baseline | null> {
    return this.baselineOf(registered).catch((error: unknown) => {
      if (error instanceof UnusableBaseline) return null;
      throw error;
    });
  }

  /** The reference if a window can be held against it now; null while it is being frozen or fitted. Throws why it cannot be. */
  ready(registered: RegisteredModel): Reference | null {
    const { key } = registered.model;
    if (this.freezing.has(key)) return null;
    const place = placeOf(registered);
    const failure = this.held.get(place)?.failure ?? null;
    if (failure !== null) {
      this.held.delete(place);
      throw failure;
    }
    const held = this.hold(registered);
    if (!held) return LEARNING;
    return held.ready && this.estimates.ready(registered, held.ready);
  }

  /** The reference if it is at hand; nothing is read or fitted for it. */
  atHand(registered: RegisteredModel): Reference | null {
    const ready = this.held.get(placeOf(registered))?.ready ?? null;
    return ready && this.estimates.ready(registered, ready);
  }

  /** The terms of a reference, held or not; null where it was not fitted yet, or what it is made from has changed since. */
  terms(registered: RegisteredModel): ReferenceTerms | null {
    const known = this.known.get(placeOf(registered));
    return known && isSame(known, registered) ? known.terms : null;
  }

  /** References in force that somebody changed in the store, or that it lost, as far as they were read. `model`: of one alone. */
  unusableOf(model: string | null = null): readonly UnusableReference[] {
    return [...this.unusable.values()].filter((one) => model === null || one.model === model);
  }

  /** Up to where the labels of a baseline taught nothing; null where nothing is known to have. */
  barrenUntil(baseline: string): Date | null {
    return this.barren.get(baseline) ?? null;
  }

  /** Notes that no label of a time before this was one of a row that counts. */
  taughtNothing(baseline: string, until: Date): void {
    this.barren.set(baseline, until);
  }

  /** Does the work of freezing a model's reference; nothing is ready for it meanwhile. */
  async freeze<T>(model: string, work: () => Promise<T>): Promise<T> {
    this.freezing.set(model, (this.freezing.get(model) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const others = (this.freezing.get(model) ?? 1) - 1;
      if (others > 0) this.freezing.set(model, others);
      else this.freezing.delete(model);
    }
  }

  /** Lets go of a model's references: another process has the model now. */
  drop(model: string): void {
    for (const held of [this.held, this.known, this.summarised, this.unusable])
      for (const place of held.keys()) if (place.startsWith(versionPlace(model, ''))) held.delete(place);
  }

  /** What came after a reference was frozen is summarised on its edges. `version`: whose own it is, or null. */
  isSummarisedOn(model: string, version: string | null, baseline: string): void {
    this.summarised.set(versionPlace(model, version ?? ''), baseline);
  }

  /** Whether windows can be held against a reference: another process may have frozen it, and left the rest to this one. */
  awaitsSummaries(registered: RegisteredModel): boolean {
    const { baseline } = registered;
    return baseline !== null && this.summarised.get(placeOf(registered)) !== baseline.id;
  }

  private hold(registered: RegisteredModel): Held | null {
    const { model, baseline } = registered;
    if (!baseline) return null;
    const place = placeOf(registered);
    const held = this.held.get(place);
    // Asked of every model in every beat: what did not change needs no look at what is in it.
    if (held && isSame(held.origin, registered) && held.failure === null) return held;
    // A changed time zone or task changes the fit, not the baseline.
    const labels = baseline.labels?.id ?? null;
    const key = `${baseline.id}\0${labels}\0${model.window}\0${model.timezone}\0${JSON.stringify([model.features, model.strict, model.season, model.calendar])}`;
    if (held?.key === key && held.failure === null) {
      held.origin = { model, baseline };
      this.note(place, held);
      return held;
    }
    const source = sourceOf(async () => this.load(place, registered, baseline));
    const reference = this.inTurn(model, source);
    const origin = { model, baseline };
    const made: Held = { key, origin, baseline: source.held, reference, ready: null, failure: null };
    this.keep(place, made);
    reference.then(
      (fitted) => {
        made.ready = fitted;
        this.note(place, made);
      },
      (error: unknown) => (made.failure = error ?? new Error('the reference could not be fitted')),
    );
    return made;
  }

  /** What is stored of a reference, if that is what was pinned; else that it is not is known until it is. */
  private async load(
    place: string,
    { model }: RegisteredModel,
    pinned: PinnedBaseline,
  ): Promise<WholeBaseline> {
    try {
      const whole = await this.baselines.loadAsPinned(pinned, pinned.labels);
      this.unusable.delete(place);
      return whole;
    } catch (error) {
      const since = this.unusable.get(place)?.since ?? this.clock.now();
      const { version } = pinned;
      if (error instanceof UnusableBaseline)
        this.unusable.set(place, { model: model.key, version, reason: error.message, since });
      throw error;
    }
  }

  private note(place: string, { origin, ready }: Held): void {
    if (ready?.baseline && ready.fitted)
      this.known.set(place, { ...origin, terms: termsOf(ready.baseline, ready.fitted) });
  }

  /** Of the references of single versions the newest are held: the others are of versions that were replaced, and are read again if they are asked for. */
  private keep(place: string, made: Held): void {
    this.held.delete(place);
    this.held.set(place, made);
    const prefix = place.slice(0, place.indexOf('\0') + 1);
    const own = [...this.held.keys()].filter((other) => other.startsWith(prefix) && other !== prefix);
    for (const former of own.slice(0, -MOST_OWN)) {
      this.held.delete(former);
      this.unusable.delete(former);
    }
  }

  /** One fit at a time: many at once would all be late, and all be in memory. */
  private async inTurn(model: Model, { whole, heldOf }: Source): Promise<Reference> {
    const fit = this.fits.then(async () => {
      const loaded = await whole();
      const fitted = await inTurns(fitBaselineInSteps(withHolidays(model), loaded));
      return { baseline: await heldOf(loaded), fitted };
    });
    this.fits = fit.catch(() => undefined);
    return fit;
  }
}
