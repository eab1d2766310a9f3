// Which of the page's few faces is shown: what is missing, log in, or the workspace.

import { Center, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { LogInScreen } from './screens/LogInScreen.tsx';
import { InsecureScreen } from './screens/InsecureScreen.tsx';
import { useSession } from './session/use-session.ts';

const FirstStartScreen = lazy(() => import('./screens/FirstStartScreen.tsx'));
const WorkspaceScreen = lazy(() => import('./screens/WorkspaceScreen.tsx'));

const Wait = () => (
  <Center h="100dvh">
    <Loader type="dots" aria-label="Opening" />
  </Center>
);

export const App = () => {
  const session = useSession();
  // Browsers give offline storage, locks and workers only to HTTPS and to this very machine.
  if (!window.isSecureContext) return <InsecureScreen />;
  if (location.pathname === '/setup')
    return (
      <Suspense fallback={<Wait />}>
        <FirstStartScreen />
      </Suspense>
    );
  switch (session.kind) {
    case 'asking':
      return <Wait />;
    case 'out':
      return <LogInScreen notice={session.notice} />;
    case 'in':
      return (
        <Suspense fallback={<Wait />}>
          <WorkspaceScreen
            key={`${session.account.workspace.id} ${session.account.user.id} ${session.account.modules.join()}`}
            account={session.account}
          />
        </Suspense>
      );
  }
};
