import type { IncidentRecord } from '../incidents/incident-record.js';
import type { RecordedManifest } from '../retraining/manifest.js';
import { trainingOutlook, type TrainingOutlook } from '../retraining/outlook.js';
import type { Retrainings } from '../retraining/retrainings.js';
import type { RetrainingStory } from '../retraining/story.js';
import { retrainContext } from './evaluate-window.js';
import { previewRequest, type RequestPreview } from './preview-request.js';
import type { Stages } from './stages.js';

/** Trainings that were wanted and what became of them, for whoever looks. */
export class RetrainingReads {
  constructor(private readonly stages: Stages) {}

  get known(): Retrainings {
    return this.stages.retrainings;
  }

  /** Why a model is not trained now. Throws ModelNotFound. */
  outlook(key: string): TrainingOutlook {
    const { registry, incidents, clock } = this.stages;
    const context = retrainContext(this.stages, registry.load(key).model, incidents.openOf(key));
    return trainingOutlook(this.known, context, clock.now());
  }

  /** As `previewRequest` does. */
  async request(key: string): Promise<RequestPreview> {
    return previewRequest(this.stages, key);
  }

  /** What a training would learn from, of what there was until then; of all there is, where nobody says until when. */
  async manifest(key: string, until: Date | null = null): Promise<RecordedManifest> {
    const now = this.stages.clock.now();
    return this.stages.manifests.preview(key, until ?? now, now);
  }

  /** The incidents it was wanted for; undefined for those that are not kept any more. */
  incidentsOf({ cause }: RetrainingStory): readonly (readonly [id: string, IncidentRecord | undefined])[] {
    return cause.incidentIds.map((id) => [id, this.stages.incidents.find(id)]);
  }
}
