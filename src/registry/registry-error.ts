import { CodedError } from '../domain/coded-error.js';

export type RegistryErrorCode =
  | 'model_not_found'
  | 'version_not_found'
  | 'version_exists'
  | 'task_changed'
  | 'topic_taken'
  | 'too_many_models'
  | 'illegal_transition'
  | 'bad_version_record'
  | 'mlflow'
  | 'bad_event'
  | 'model_not_mapped'
  | 'needs_person'
  | 'key_not_found'
  | 'weak_key'
  | 'key_without_name'
  | 'bad_key_name'
  | 'bad_name'
  | 'key_without_scope'
  | 'key_without_owner'
  | 'key_expired'
  | 'key_without_model'
  | 'key_too_wide'
  | 'not_overridden'
  | 'not_decided'
  | 'text_required';

/** A command the registry refuses; `field` is the input to change. */
export class RegistryError extends CodedError {
  override readonly name: string = 'RegistryError';
  constructor(
    readonly code: RegistryErrorCode,
    override readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** No model of that key was registered. */
export class ModelNotFound extends RegistryError {
  override readonly name = 'ModelNotFound';
  constructor(readonly key: string) {
    super(
      'model_not_found',
      'model',
      `no model "${key}" is registered; add models/${key}.yaml or call modelRegister`,
    );
  }
}
