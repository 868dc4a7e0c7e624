import type { Stages } from './stages.js';

/** Something with an id of its own across all types, by the name of its type in the API. */
export interface KnownNode {
  readonly type: 'Incident' | 'Case' | 'Retraining' | 'Silence';
  readonly value: object;
}

/** Finds what an id names without being told what it is. */
export class NodeReads {
  constructor(private readonly stages: Pick<Stages, 'incidents' | 'retrainings' | 'silences'>) {}

  /** Null where nothing that is known has that id. */
  find(id: string): KnownNode | null {
    const { incidents, retrainings, silences } = this.stages;
    const found: readonly [KnownNode['type'], object | undefined][] = [
      ['Incident', incidents.find(id)],
      ['Case', incidents.case(id)],
      ['Retraining', retrainings.story(id)],
      ['Silence', silences.find(id)],
    ];
    const [type, value] = found.find(([, one]) => one !== undefined) ?? [];
    return type && value ? { type, value } : null;
  }
}
