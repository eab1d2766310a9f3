// What a page and the service worker say to each other.

/** Held by each page of a build for as long as it is open. */
export const lockOf = (version: string): string => `holdfast-version-${version}`;

/** The browser's reminder that there is unsent work. */
export const UNSENT = 'holdfast-unsent';

/**
 * `take over`: the waiting worker becomes the one. `tidy`: what old versions left may go.
 * `letGo`: the database of this name is about to be removed.
 */
export type ToWorker = 'take over' | 'tidy' | { readonly letGo: string };
