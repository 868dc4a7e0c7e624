import { RegistryError } from '../registry/registry-error.js';
import type { Service } from '../service.js';

/** Every model is windows and baselines: beyond the limit it takes who runs the service to allow more. Throws RegistryError. */
export function mayRegister({ registry, options }: Service, key: string): void {
  const most = options.config.TIDEWATCH_MAX_MODELS;
  if (registry.find(key) === undefined && registry.models().length >= most)
    throw new RegistryError(
      'too_many_models',
      'input',
      `there are ${most} models already: raise TIDEWATCH_MAX_MODELS to register more`,
    );
}
