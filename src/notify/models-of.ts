import type { Message } from '../domain/delivery.js';

/** The models that a message says something of. */
export function modelsOf(message: Message): readonly string[] {
  switch (message.type) {
    case 'case':
    case 'retrain':
    case 'training_notice':
    case 'deadline_notice':
      return [message.model];
    case 'approval_notice':
      return message.model === null ? [] : [message.model];
    case 'digest':
      return message.cases.map(({ model }) => model);
    case 'weekly':
      return message.flaps.map(({ model }) => model);
    case 'ledger_notice':
    case 'test':
      return [];
  }
}
