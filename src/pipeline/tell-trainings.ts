import type { NewEntry } from '../domain/ledger-entry.js';
import type { TrainingNotice } from '../domain/training-notice.js';
import { planNotice } from '../notify/plan-notice.js';
import { retrainingNews, type RetrainingNews } from '../retraining/news.js';
import type { Stages } from './stages.js';

/** Messages about wanted trainings that did not come about, each once, to those who follow the case or else the channels of its incidents. */
export function tellTrainings(
  stages: Pick<Stages, 'retrainings' | 'incidents' | 'deliveries' | 'channels' | 'registry' | 'baseUrl'>,
  now: Date,
): readonly NewEntry[] {
  const { retrainings, incidents, deliveries, channels, registry, baseUrl } = stages;
  return retrainingNews(retrainings, now).flatMap((news) => {
    const named = news.cause.incidentIds.flatMap((id) => incidents.find(id)?.channels ?? []);
    const audience = { caseId: news.cause.caseId, channels: [...new Set(named)] };
    const owner = registry.find(news.model)?.model.owner ?? 'unowned';
    return planNotice(noticeOf(news, owner, baseUrl), audience, { channels, deliveries }, now);
  });
}

function noticeOf(news: RetrainingNews, owner: string, baseUrl: string): TrainingNotice {
  const { id, model, version, end, at, reason, cause } = news;
  const links = {
    retraining: `${baseUrl}/retrainings/${encodeURIComponent(id)}`,
    model: `${baseUrl}/models/${encodeURIComponent(model)}`,
  };
  const told = { end, at: at.toISOString(), cause: cause.summary, summary: reason, links };
  return { type: 'training_notice', retrainingId: id, model, version, owner, ...told };
}
