import type { NewEntry } from '../domain/ledger-entry.js';
import type { TrainingNotice } from '../domain/training-notice.js';
import { planNotice } from '../notify/plan-notice.js';
import { NEEDS_SOMEBODY } from '../retraining/news.js';
import type { RetrainingNews } from '../retraining/training-step.js';
import type { Stages } from './stages.js';

/** Messages about the steps of trainings, each once, to those who follow the case; what needs somebody else to the channels of its incidents. */
export function tellTrainings(
  stages: Pick<
    Stages,
    'retrainings' | 'incidents' | 'deliveries' | 'channels' | 'registry' | 'nameOf' | 'baseUrl'
  >,
  now: Date,
): readonly NewEntry[] {
  const { retrainings, incidents, deliveries, channels, registry, baseUrl } = stages;
  return retrainings.news(now).flatMap((news) => {
    const named = news.cause.incidentIds.flatMap((id) => incidents.find(id)?.channels ?? []);
    const followersOnly = !NEEDS_SOMEBODY.has(news.end);
    const audience = { caseId: news.cause.caseId, channels: [...new Set(named)], followersOnly };
    const owner = registry.find(news.model)?.model.owner ?? 'unowned';
    const by = news.by === null ? null : stages.nameOf(news.by);
    const notice = noticeOf(news, { owner, by }, baseUrl);
    const stream = `${notice.retrainingId}:${notice.end}`;
    return planNotice({ notice, stream }, audience, { channels, deliveries }, now);
  });
}

interface Named {
  readonly owner: string;
  /** Whoever decided it. */
  readonly by: string | null;
}

function noticeOf(news: RetrainingNews, { owner, by }: Named, baseUrl: string): TrainingNotice {
  const { id, model, version, end, at, reason, cause } = news;
  const links = {
    retraining: `${baseUrl}/retrainings/${encodeURIComponent(id)}`,
    model: `${baseUrl}/models/${encodeURIComponent(model)}`,
  };
  const summary = by === null ? reason : [by, reason].filter((part) => part !== '').join(': ');
  const told = { end, at: at.toISOString(), cause: cause.summary, summary, links };
  return { type: 'training_notice', retrainingId: id, caseId: cause.caseId, model, version, owner, ...told };
}
