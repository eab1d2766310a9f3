// Another tab of the person who is logged in, without a screen: it renames many pins at once.

import { openWorkspace } from '../../../client/database/open.ts';
import { readRemembered } from '../../../client/session/account.ts';

declare global {
  interface Window {
    renamePins: (title: string) => Promise<number>;
  }
}

window.renamePins = async (title) => {
  const account = readRemembered();
  if (account === undefined) throw new Error('Nobody is logged in.');
  const { collections } = await openWorkspace(account);
  const pins = await collections.pins.find().exec();
  await collections.pins.bulkUpsert(pins.map((pin) => ({ ...pin.toMutableJSON(), title })));
  return pins.length;
};
