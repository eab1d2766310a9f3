// Who uses this page now, for components.

import { useSyncExternalStore } from 'react';
import { currentSession, subscribeSession, type Session } from './session.ts';

export const useSession = (): Session => useSyncExternalStore(subscribeSession, currentSession);
