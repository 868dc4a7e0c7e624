import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { Plugin } from '@nestjs/apollo';
import type { DocumentNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { KeyDoor, TooManyWrongKeys } from '../registry/key-door.js';
import { principalOf } from './access.js';
import { refusal, SEND_A_KEY, tooManyWrongKeys } from './access-refusals.js';
import type { ApiContext } from './request.js';

/** Fields that GraphQL itself answers, as `__typename` and `__schema`, pass no guard: what asks for one says who asks. */
@Plugin()
export class KnownCallers implements ApolloServerPlugin<ApiContext> {
  constructor(private readonly door: KeyDoor) {}

  async requestDidStart(): Promise<GraphQLRequestListener<ApiContext>> {
    return Promise.resolve({
      didResolveOperation: async ({ operation, document, contextValue }) => {
        if (operation && asksMeta(operation, document) && !this.isKnown(contextValue))
          throw refusal(true, 'UNAUTHENTICATED', SEND_A_KEY);
        return Promise.resolve();
      },
    });
  }

  private isKnown({ req }: ApiContext): boolean {
    try {
      return principalOf(this.door, req) !== null;
    } catch (error) {
      throw error instanceof TooManyWrongKeys ? tooManyWrongKeys(error, true) : error;
    }
  }
}

/** Whether an operation asks for a field of GraphQL itself beside those of the schema. Validated: fragments are no circles. */
function asksMeta({ selectionSet }: OperationDefinitionNode, document: DocumentNode): boolean {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === 'FragmentDefinition' ? [[one.name.value, one] as const] : [],
    ),
  );
  const asks = ({ selections }: SelectionSetNode): boolean =>
    selections.some((one) => {
      if (one.kind === 'Field') return one.name.value.startsWith('__');
      const inner = one.kind === 'InlineFragment' ? one : fragments.get(one.name.value);
      return inner !== undefined && asks(inner.selectionSet);
    });
  return asks(selectionSet);
}
