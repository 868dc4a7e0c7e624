import type { Baseline } from '../domain/baseline.js';
import type { Monitoring } from '../domain/monitoring.js';
import type { VersionComparison } from '../domain/version-comparison.js';
import type { Model } from '../domain/model.js';
import type { FeatureProfile } from '../domain/profile.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Span } from '../profiles/merge-minutes.js';
import { otherEnvironmentsText } from '../profiles/misspelt-environments.js';
import { misspeltText } from '../profiles/misspelt-text.js';
import { heldInForce, type RegisteredModel } from '../registry/registry.js';
import type { Undone } from '../registry/undone.js';
import type { KnownChange } from '../windows/changed-windows.js';
import { TRACKS } from '../windows/due-windows.js';
import { barredPlaces } from './barred-places.js';
import { readComparison } from './compare-versions.js';
import { shiftText } from './model-concerns.js';
import { governanceFacts } from './governance-facts.js';
import { withTrueMeans } from './mean-trend.js';
import { readMonitoring } from './monitoring.js';
import { planStanding, type PlanStanding } from './plan-standing.js';
import type { Spine } from './spine.js';
import type { ModelStanding } from './standing.js';
import type { Stages } from './stages.js';
import { findWeakSlices, type FoundSlice } from './weak-slices.js';

/** What is odd about the events of a model as they come in; null for what is not. */
export interface ArrivalFacts {
  readonly labels: ReturnType<Stages['arrivals']['labelsOf']>;
  readonly misspelt: string | null;
  /** Rows of environments that are not the model's. */
  readonly elsewhere: string | null;
  readonly shift: string | null;
}

/** Where the data of a model has to stay, and what that means here. */
export interface ResidencyFacts {
  /** Where this service is. */
  readonly here: readonly string[];
  readonly isTakenHere: boolean;
  readonly barred: ReturnType<typeof barredPlaces>;
}

/** Of which feature, and in which windows. */
type TrueMeans = Parameters<typeof withTrueMeans> extends [unknown, ...infer Rest] ? Rest : never;

/** What there is to say of a model, for whoever looks. */
export class ModelReads {
  constructor(
    private readonly stages: Stages,
    private readonly spine: Pick<Spine, 'problems' | 'standing'>,
  ) {}

  /** The reference in force; null while there is none that can be judged with: why not is a fault of the model. */
  async baselineOf(registered: RegisteredModel): Promise<Baseline | null> {
    return this.stages.references.usableOf(heldInForce(registered));
  }

  /** As `readMonitoring` does. */
  async monitoring(registered: RegisteredModel): Promise<Monitoring> {
    return readMonitoring(this.stages, registered, this.spine.problems);
  }

  /** What stands in the way of a model's being judged. */
  standing(key: string): ModelStanding {
    return this.spine.standing(key);
  }

  /** Judged windows of a model that were changed in the store, looked into or not. */
  changesOf(model: string): readonly KnownChange[] {
    return this.stages.changedWindows.all.filter(({ window }) => window.model === model);
  }

  /** What of a judged window is known to be written, on either track. */
  changesAt(model: string, version: string, from: Date): readonly KnownChange[] {
    const { changedWindows } = this.stages;
    const place = { model, version, from: from.toISOString() };
    return TRACKS.flatMap((track) => changedWindows.of({ ...place, track }) ?? []);
  }

  arrivalsOf(model: Model): ArrivalFacts {
    const { arrivals } = this.stages;
    const shift = arrivals.shiftOf(model.key);
    return {
      labels: arrivals.labelsOf(model.key),
      misspelt: misspeltText(model, arrivals.misspeltOf(model.key)),
      elsewhere: otherEnvironmentsText(model, arrivals.environmentsOf(model.key)),
      shift: shift === null ? null : shiftText(shift),
    };
  }

  residencyOf(model: Model): ResidencyFacts {
    const { residency, channels, guards } = this.stages;
    return {
      here: residency.here ?? [],
      isTakenHere: !residency.barredHere.has(model.key),
      barred: barredPlaces(model, { channels, guards }),
    };
  }

  /** What the model file took back of what people agreed to; null where nothing. */
  undoneOf(key: string): Undone | null {
    return this.stages.descriptions.agreementOf(key).undone;
  }

  /** Who answers for it and how it is watched by hand, as `governanceFacts` says it. */
  governanceOf(model: Model): ReturnType<typeof governanceFacts> {
    return governanceFacts(this.stages, model, this.stages.clock.now());
  }

  /** Incidents of a model, of a version or of a feature of it. */
  incidentsOf(asked: Parameters<Stages['incidents']['list']>[0]): readonly IncidentRecord[] {
    return this.stages.incidents.list(asked);
  }

  /** Event time of the newest row of a model, epoch ms; null where this process does not know it. */
  newestRow(key: string): number | null {
    return this.stages.book.newestRow(key);
  }

  /** Whether this process judges it. */
  isOurs(key: string): boolean {
    return this.stages.replicas.holds(key);
  }

  /** What a feature was over a stretch, counted as its reference was; null where there were no rows. */
  async featureOf(key: string, { id }: Baseline, span: Span, name: string): Promise<FeatureProfile | null> {
    const merged = await this.stages.profiles.windows(key, id, span);
    return [...merged.values()][0]?.features[name] ?? null;
  }

  /** As `withTrueMeans` does. */
  async trueMeans(...[asked, points]: TrueMeans): ReturnType<typeof withTrueMeans> {
    return withTrueMeans(this.stages, asked, points);
  }

  /** As `planStanding` does. */
  planOf(key: string): PlanStanding | null {
    return planStanding(this.stages, key, this.stages.clock.now());
  }

  /** As `readComparison` does. */
  async comparison(
    registered: RegisteredModel,
    asked: Parameters<typeof readComparison>[2],
  ): Promise<VersionComparison> {
    return readComparison(this.stages, registered, asked);
  }

  /** As `findWeakSlices` does. */
  async weakSlices(
    registered: RegisteredModel,
    search: Parameters<typeof findWeakSlices>[2],
  ): Promise<readonly FoundSlice[]> {
    return findWeakSlices(this.stages, registered, search);
  }
}
