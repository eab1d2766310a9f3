// Keys that JavaScript gives a meaning of its own. They are refused at any depth.

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 32;

/** The first forbidden key in a JSON value, or a word for nesting that is too deep. */
export function forbiddenKey(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return 'nesting deeper than 32 levels';
  for (const [name, member] of Object.entries(value)) {
    if (FORBIDDEN.has(name)) return name;
    const found = forbiddenKey(member, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
