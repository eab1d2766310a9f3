// Whether this person may add and change records of a collection, by the rule that the server
// follows, so that nobody is offered what will not be accepted.

import { collections } from '../../schemas/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';

export const useMayWrite = (collection: keyof typeof collections): boolean => {
  const { role } = useWorkspace().account;
  return collections[collection].access.write.includes(role);
};
