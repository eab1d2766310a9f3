// Times as other programs write them. The store has one form: UTC with milliseconds.

const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?(?:Z|([+-]\d{2})(?::?(\d{2}))?)$/;

/** A time of ISO 8601 with its zone, in UTC; undefined where it is none, or no day of the calendar. */
export function toUtc(text: string): string | undefined {
  const [, minute, second = ':00', fraction = '', hours = '+00', minutes = '00'] =
    ISO.exec(text) ?? [];
  if (minute === undefined) return undefined;
  // A 30th of February would become a 2nd of March.
  const local = new Date(`${minute}${second}Z`);
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(minute)) return undefined;
  const time = new Date(`${minute}${second}${fraction}${hours}:${minutes}`);
  if (Number.isNaN(time.getTime())) return undefined;
  const utc = time.toISOString();
  return utc.length === 24 ? utc : undefined;
}
