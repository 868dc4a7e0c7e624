/** What a filter or an input says: nothing of it is null. */
export type Given<Input extends object> = {
  readonly [Name in keyof Input]?: NonNullable<Input[Name]>;
};

/** A filter or an input without what is null in it: GraphQL clients write null for what they leave out. */
export function given<Input extends object>(input: Input | null | undefined): Given<Input> {
  const found: { -readonly [Name in keyof Input]?: NonNullable<Input[Name]> } = {};
  for (const name in input) {
    const value = input[name];
    if (value !== null && value !== undefined) found[name] = value;
  }
  return found;
}
