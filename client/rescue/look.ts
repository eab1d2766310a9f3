// Looks for what this device has not sent. The larger part is loaded only then.

import type { Parting } from './unsent.ts';

const UNREAD: Parting = {
  unsent: 0,
  isLoss: true,
  words: 'What is unsent could not be read. Logging out removes it for good.',
  deed: 'Log out and lose it',
};

/** @param name the workspace's database (client/database/name.ts). Never rejects. */
export const lookForUnsent = async (name: string): Promise<Parting> => {
  try {
    return (await (await import('./unsent.ts')).partingFrom(name)) ?? UNREAD;
  } catch {
    // The script did not load.
    return UNREAD;
  }
};
