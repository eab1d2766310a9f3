// What is rarely needed and loaded then. Who loads script over a network calls this early, so that it
// is there when the network is not.

/** Rejects where something can't be loaded now. */
export const loadRest = (): Promise<unknown> =>
  Promise.all([
    import('./audit-scan.ts'),
    import('./heal.ts'),
    import('./verify.ts'),
    import('../push/kept-back.ts'),
  ]);
