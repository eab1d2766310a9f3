// Whether this person may add and change records of a collection, by the rule that the server
// follows, so that nobody is offered what will not be accepted.

import { collections } from '../../schemas/index.ts';
import { useAccount } from '../database/use-workspace.ts';

export const useMayWrite = (collection: keyof typeof collections): boolean => {
  const { role } = useAccount();
  return collections[collection].access.write.includes(role);
};
