interface SlackBlock {
  readonly type?: unknown;
  readonly block_id?: string;
  readonly text?: { readonly type?: string; readonly text?: string };
  readonly elements?: readonly {
    readonly text?: string | { readonly text?: string };
    readonly url?: string;
    readonly value?: string;
  }[];
  readonly fields?: readonly { readonly text?: string }[];
}

const TYPES = new Set([
  'header',
  'section',
  'context',
  'actions',
  'divider',
  'image',
  'markdown',
  'table',
  'rich_text',
]);
/** Undocumented; seen at about this many characters over all blocks. */
const WHOLE = 13_200;

/** The error Slack answers to these blocks (a JSON string, as it travels), or null when it takes them. */
export function blocksProblem(
  json: string,
): 'invalid_blocks_format' | 'invalid_blocks' | 'msg_blocks_too_long' | null {
  let blocks: readonly SlackBlock[];
  try {
    blocks = JSON.parse(json) as readonly SlackBlock[];
  } catch {
    return 'invalid_blocks_format';
  }
  if (!Array.isArray(blocks)) return 'invalid_blocks_format';
  if (blocks.length > 50) return 'invalid_blocks';
  const ids = blocks.flatMap(({ block_id }) => block_id ?? []);
  if (new Set(ids).size !== ids.length) return 'invalid_blocks';
  if (blocks.some((block) => !isValid(block))) return 'invalid_blocks';
  return json.length > WHOLE ? 'msg_blocks_too_long' : null;
}

function isValid(block: SlackBlock): boolean {
  if (typeof block.type !== 'string' || !TYPES.has(block.type) || (block.block_id?.length ?? 0) > 255)
    return false;
  switch (block.type) {
    case 'header':
      return block.text?.type === 'plain_text' && between(block.text.text, 1, 150);
    case 'section':
      return fields(block) && (block.fields !== undefined || between(block.text?.text, 1, 3_000));
    case 'context':
      return between(block.elements, 1, 10);
    case 'actions':
      return between(block.elements, 1, 25) && (block.elements ?? []).every(isButton);
    default:
      return true;
  }
}

function fields({ fields: given }: SlackBlock): boolean {
  return given === undefined || (given.length <= 10 && given.every(({ text }) => between(text, 1, 2_000)));
}

function isButton(element: NonNullable<SlackBlock['elements']>[number]): boolean {
  const text = typeof element.text === 'object' ? element.text.text : undefined;
  return between(text, 1, 75) && (element.url?.length ?? 0) <= 3_000 && (element.value?.length ?? 0) <= 2_000;
}

function between(value: { readonly length: number } | undefined, least: number, most: number): boolean {
  return value !== undefined && value.length >= least && value.length <= most;
}
