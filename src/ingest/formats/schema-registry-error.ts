import { CodedError } from '../../domain/coded-error.js';

/** The registry did not give a schema. `retryable`: an outage or missing rights, after which the same message can be read. */
export class SchemaRegistryError extends CodedError {
  override readonly name = 'SchemaRegistryError';
  constructor(
    message: string,
    readonly code: 'REGISTRY_UNAVAILABLE' | 'REGISTRY_REFUSED' | 'SCHEMA_NOT_FOUND' | 'NO_REGISTRY',
    override readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
