// The test's own view of a document: its values, one for each field or answer. It shares nothing
// with the code under test.

type Fields = Readonly<Record<string, unknown>>;

const ENVELOPE = ['id', 'clk', 'vv', 'rev', 'createdAt', 'updatedAt', 'createdBy', 'updatedBy'];
const PER_KEY: Readonly<Record<string, string>> = { forms: 'answers' };
const DERIVED: Readonly<Record<string, string>> = { products: 'stock' };

/** The values that people wrote, by field or `field/key`. */
export function entriesOf(collection: string, doc: Fields): Map<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const [field, value] of Object.entries(doc)) {
    if (ENVELOPE.includes(field) || field.startsWith('_') || DERIVED[collection] === field)
      continue;
    if (PER_KEY[collection] !== field) entries.set(field, value);
    else
      for (const [key, member] of Object.entries(value as Fields))
        entries.set(`${field}/${key}`, member);
  }
  return entries;
}

/** One text for one value, whatever the order of its keys. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  ) ?? '';

export const same = (left: unknown, right: unknown): boolean => textOf(left) === textOf(right);
