import type { Config } from '../config/config.js';
import type { Registry } from '../registry/registry.js';
import { RegistryError } from '../registry/registry-error.js';

/** Every model is windows and baselines: beyond the limit it takes who runs the service to allow more. Throws RegistryError. */
export function mayRegister(registry: Registry, config: Config, key: string): void {
  const most = config.TIDEWATCH_MAX_MODELS;
  if (registry.find(key) === undefined && registry.models().length >= most)
    throw new RegistryError(
      'too_many_models',
      'input',
      `there are ${most} models already: raise TIDEWATCH_MAX_MODELS to register more`,
    );
}
