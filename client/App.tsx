// Which of the page's few faces is shown: what is missing, log in, or the workspace.

import { lazy, Suspense } from 'react';
import { Opening } from './components/Opening.tsx';
import { ScreenBoundary } from './components/ScreenBoundary.tsx';
import { LogInScreen } from './screens/LogInScreen.tsx';
import { InsecureScreen } from './screens/InsecureScreen.tsx';
import { useNewVersion } from './update/use-new-version.ts';
import { useSession } from './session/use-session.ts';

const FirstStartScreen = lazy(() => import('./screens/FirstStartScreen.tsx'));
const WorkspaceScreen = lazy(() => import('./screens/WorkspaceScreen.tsx'));

const NewVersionNotice = lazy(() => import('./components/NewVersionNotice.tsx'));

export const App = () => {
  const isNewVersion = useNewVersion() !== 'none';
  return (
    <>
      <ScreenBoundary>
        <Face />
      </ScreenBoundary>
      {isNewVersion && (
        <ScreenBoundary instead={null}>
          <Suspense fallback={null}>
            <NewVersionNotice />
          </Suspense>
        </ScreenBoundary>
      )}
    </>
  );
};

const Face = () => {
  const session = useSession();
  // Browsers give offline storage, locks and workers only to HTTPS and to this very machine.
  if (!window.isSecureContext) return <InsecureScreen />;
  if (location.pathname === '/setup')
    return (
      <Suspense fallback={<Opening />}>
        <FirstStartScreen />
      </Suspense>
    );
  switch (session.kind) {
    case 'asking':
      return <Opening />;
    case 'out':
      return <LogInScreen notice={session.notice} />;
    case 'in':
      return (
        <Suspense fallback={<Opening />}>
          <WorkspaceScreen
            key={`${session.account.workspace.id} ${session.account.user.id} ${session.account.modules.join()}`}
            account={session.account}
          />
        </Suspense>
      );
  }
};
