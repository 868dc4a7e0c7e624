import { Kind, parse } from 'graphql';

/** Enums that the code writes in lower case, as files and the ledger do. GraphQL writes names of enum values in upper case. */
const LOWER = new Set([
  'CloseReason',
  'DeliveryState',
  'DestinationState',
  'ErasureOutlookDecision',
  'HeldFor',
  'KeyScope',
  'ModelStage',
  'ModelTask',
  'RetrainingCauseKind',
  'RetrainingVerdict',
  'Role',
  'Severity',
  'WouldBeKind',
]);

/**
 * What resolvers see and give back for the values of enums, by enum and by the value's name in the SDL: `{ Severity: { INFO: 'info', … } }`. Enums that are not
 * here are the same inside and outside. Throws GraphQLError for an SDL that does not parse.
 */
export function enumValues(sdl: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const enums = parse(sdl).definitions.flatMap((one) =>
    one.kind === Kind.ENUM_TYPE_DEFINITION && LOWER.has(one.name.value) ? [one] : [],
  );
  return Object.fromEntries(
    enums.map(({ name, values = [] }) => [
      name.value,
      Object.fromEntries(values.map((value) => [value.name.value, value.name.value.toLowerCase()])),
    ]),
  );
}
