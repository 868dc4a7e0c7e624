import { readFileSync } from 'node:fs';
import {
  parse,
  visit,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';
import { expect, it } from 'vitest';

type Named = EnumValueDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode | TypeDefinitionNode;

/** Everything that has a name in the schema, with where it stands. */
function everything(): readonly { readonly path: string; readonly name: string; readonly said: string }[] {
  const found: { path: string; name: string; said: string }[] = [];
  const places: string[] = [];
  const enter = ({ name: { value: name }, description }: Named) => {
    places.push(name);
    found.push({ path: places.join('.'), name, said: description?.value.trim() ?? '' });
  };
  const leave = () => void places.pop();
  const one = { enter, leave };
  visit(parse(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')), {
    ScalarTypeDefinition: one, ObjectTypeDefinition: one, InterfaceTypeDefinition: one, UnionTypeDefinition: one, EnumTypeDefinition: one,
    InputObjectTypeDefinition: one, FieldDefinition: one, InputValueDefinition: one, EnumValueDefinition: one,
  });
  return found;
} // prettier-ignore

const all = everything();
const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/gu, '');

it('describes every type, field, argument and value of the schema', () => {
  expect(all.length).toBeGreaterThan(1500);
  expect(all.filter(({ said }) => said === '').map(({ path }) => path)).toEqual([]);
});

it('says more of each than its name', () => {
  const repeats = all.filter(({ name, said }) => letters(said).replace(/^(the|a|an)/u, '') === letters(name));
  expect(repeats.map(({ path }) => path)).toEqual([]);
});
