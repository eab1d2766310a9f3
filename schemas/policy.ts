// What happens when two people change one document while apart. Declared here for each
// collection, carried out by the pure functions of replication/merge.

export type Policy =
  /** Any concurrent change makes the later arrival lose as a whole. */
  | { readonly kind: 'serverWins' }
  /** Each field, or each key of the `perKey` fields, keeps the value with the higher stamp. */
  | { readonly kind: 'fieldLww'; readonly perKey: readonly string[] }
  /** The server's version stays and a person settles it. */
  | { readonly kind: 'manual' };

export const serverWins = (): Policy => ({ kind: 'serverWins' });
export const fieldLww = (options: { readonly perKey?: readonly string[] } = {}): Policy => ({
  kind: 'fieldLww',
  perKey: options.perKey ?? [],
});
export const manual = (): Policy => ({ kind: 'manual' });
