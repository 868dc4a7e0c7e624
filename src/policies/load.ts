import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../ledger/canonical-json.js';
import { compilePolicy } from './compile-policy.js';
import type { CompiledPolicy } from './compiled-policy.js';
import { readPolicyDocument } from './policy-document.js';
import { placeText, PolicyError, type PolicyProblem } from './policy-error.js';
import { Policy } from './policy-schema.js';
import { runPolicyTests } from './run-policy-tests.js';

const Content = z.json();

export interface PolicyFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Text → YAML 1.2 → schema → typed expressions → the policies' own tests → hash. All or nothing: throws a PolicyError with every problem
 * of every file, by file and line, and then nothing of the new set is in force.
 */
export function loadPolicies(files: readonly PolicyFile[]): { readonly policies: readonly CompiledPolicy[] } {
  const { policies, places } = checkPolicies(files);
  if (places.length > 0) throw new PolicyError(places);
  return { policies };
}

/** The same for who only looks: the policies that can be read, and everything that keeps the set from coming into force, as places and as sentences. */
export function checkPolicies(files: readonly PolicyFile[]): {
  readonly policies: readonly CompiledPolicy[];
  readonly places: readonly PolicyProblem[];
  readonly problems: readonly string[];
} {
  const loaded = files.map(loadPolicy);
  const policies = loaded.flatMap(({ policy }) => policy ?? []);
  const places = [...loaded.flatMap((one) => one.problems), ...namesakes(policies)];
  return { policies, places, problems: places.map(placeText) };
}

/** Policies as the names of their files order them: what is in force does not depend on when it came. */
export function inFileOrder<Filed extends { readonly file: string }>(
  policies: readonly Filed[],
): readonly Filed[] {
  return policies.toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
}

function loadPolicy({ name, text }: PolicyFile): {
  policy: CompiledPolicy | null;
  problems: readonly PolicyProblem[];
} {
  const document = readPolicyDocument(text);
  if (document.problems.length > 0)
    return { policy: null, problems: document.problems.map((problem) => ({ file: name, ...problem })) };
  const parsed = Policy.safeParse(document.content);
  const at = (problem: {
    readonly path: readonly PropertyKey[];
    readonly message: string;
  }): PolicyProblem => ({
    file: name,
    line: document.lineOf(problem.path),
    message: problem.message,
  });
  if (!parsed.success) {
    return {
      policy: null,
      problems: parsed.error.issues.map((issue) =>
        at({
          path: issue.path,
          message: `${issue.path.map(String).join('.') || 'the document'}: ${issue.message}`,
        }),
      ),
    };
  }
  const { policy, problems } = compilePolicy(parsed.data, written(document.content), name);
  const failures = problems.length > 0 ? problems : runPolicyTests(policy, parsed.data.spec.tests);
  return { policy, problems: failures.map(at) };
}

/** What was written, without defaults, so that a policy keeps its name when Tidewatch learns a new setting; and the hash that is this name. */
function written(document: unknown): Pick<CompiledPolicy, 'hash' | 'content'> {
  const text = canonicalJson(document);
  return { hash: createHash('sha256').update(text).digest('hex'), content: Content.parse(JSON.parse(text)) };
}

function namesakes(policies: readonly CompiledPolicy[]): readonly PolicyProblem[] {
  return policies.flatMap((policy, i) => {
    const first = policies.findIndex((other) => other.id === policy.id);
    const twin = policies[first];
    return first < i && twin
      ? [
          {
            file: policy.file,
            line: 1,
            message: `the policy id ${policy.id} is already used by ${twin.file}`,
          },
        ]
      : [];
  });
}
