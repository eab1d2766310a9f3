// Small checks of what came from outside. The server's own validators stay on the server.

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isRecordList = (
  value: unknown,
): value is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) && value.every(isRecord);

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
