// Whether opening this page's data waits for another tab with an older version to close.

import { BehaviorSubject } from 'rxjs';

export const openingBlocked$ = new BehaviorSubject(false);
