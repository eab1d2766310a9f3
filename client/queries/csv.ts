// Tables for other programs: RFC 4180.

/** Spreadsheets would run such a text as a formula; the apostrophe makes it text for them. */
const FORMULA = /^[=+\-@\t\r]/;

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const plainText = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Lines end with CRLF, also the last. */
export const csvText = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
