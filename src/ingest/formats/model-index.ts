import type { Format } from '../../domain/format-mapping.js';
import type { Model } from '../../domain/model.js';
import { claimsTopic, mappingOf } from './mapping.js';

/** Models by what messages call them. Made anew when the models change. */
export class ModelIndex {
  private readonly byName = new Map<string, Model>();
  private readonly claims = new Map<string, Model | null>();
  private readonly claiming: readonly Model[];

  constructor(readonly models: readonly Model[]) {
    this.claiming = models.filter((model) => model.format?.['topic'] !== undefined);
    for (const model of models) for (const name of aliases(model)) this.byName.set(name, model);
    // a key always means its own model
    for (const model of models) this.byName.set(model.key, model);
  }

  /** True while `models` are the ones this index was made of. */
  isOf(models: readonly Model[]): boolean {
    return (
      models === this.models ||
      (models.length === this.models.length && models.every((model, i) => model === this.models[i]))
    );
  }

  find(name: string): Model | undefined {
    return this.byName.get(name);
  }

  /** The model whose mapping claims the topic. Throws FormatError when such a mapping is wrong. */
  owner(topic: string): Model | null {
    const known = this.claims.get(topic);
    if (known !== undefined) return known;
    const owner = this.claiming.find((model) => claimsTopic(model, topic)) ?? null;
    this.claims.set(topic, owner);
    return owner;
  }

  /** The format of a topic, as the claiming model's mapping says it; null when nobody claims the topic. */
  format(topic: string): Format | null {
    const owner = this.owner(topic);
    return owner === null ? null : mappingOf(owner).format;
  }
}

function aliases(model: Model): readonly string[] {
  const names = model.format?.['names'];
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}
