// Opens the account's local database, then shows the shell and the screen that the address names.

import { Button, EmptyState } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { Icon } from '../components/Icon.tsx';
import { Opening, OpeningBlocked, OpeningScreen } from '../components/Opening.tsx';
import { ScreenBoundary } from '../components/ScreenBoundary.tsx';
import { Shell } from '../components/Shell.tsx';
import { openingBlocked$ } from '../database/blocked.ts';
import { useOpening, WorkspaceContext } from '../database/use-workspace.ts';
import { isModule, labelOf, moduleFaces, type ModuleName } from '../modules.ts';
import {
  inboxAddress,
  leave,
  navigate,
  openEntry,
  today,
  useRoute,
  withoutSettle,
  type Route,
} from '../router.ts';
import { useObservable } from '../queries/use-observable.ts';
import { useShown } from '../components/use-shown.ts';
import type { Account } from '../session/account.ts';
import { loadLater, RescueScreen, screens, SettleHost } from './screens.ts';

interface ScreenProps {
  readonly route: Route;
  /** The workspace's, the first of which stands at the start. */
  readonly modules: readonly ModuleName[];
}

const Screen = ({ route, modules }: ScreenProps) => {
  const { screen } = route;
  const first = modules[0] ?? 'map';
  useEffect(() => {
    const address = screen === 'start' ? `/${first}` : today(location.pathname);
    navigate(address + location.search, 'replace');
  }, [screen, first]);
  useEffect(() => loadLater(modules), [modules]);
  if (screen === 'start') return <OpeningScreen />;
  if (screen === 'unknown' || (isModule(screen) && !modules.includes(screen)))
    return (
      <EmptyState
        title="There is nothing at this address"
        description="Perhaps a part of the link is missing."
        icon={<Icon name="search" size={40} />}
        mt="xl"
      >
        <EmptyState.Actions>
          <Button onClick={() => navigate(`/${first}`)}>
            Go to the {moduleFaces[first].label.toLowerCase()}
          </Button>
        </EmptyState.Actions>
      </EmptyState>
    );
  const Shown = screens[screen];
  return (
    <ScreenBoundary key={screen}>
      <Suspense fallback={<OpeningScreen />}>
        <Shown open={route.open} search={route.query.get('q') ?? ''} query={route.query} />
      </Suspense>
    </ScreenBoundary>
  );
};

/** Stays once it was needed, because it says what was done. */
const Settling = ({ route }: { readonly route: Route }) => {
  const open = openEntry(route);
  if (useShown(open) === undefined) return null;
  const close = (): void => leave(route.screen === 'inbox' ? inboxAddress() : withoutSettle());
  return (
    <ScreenBoundary>
      <Suspense fallback={null}>
        <SettleHost open={open} onClose={close} />
      </Suspense>
    </ScreenBoundary>
  );
};

const OpeningWorkspace = () =>
  useObservable(openingBlocked$, false) ? <OpeningBlocked /> : <Opening />;

const WorkspaceScreen = ({ account }: { readonly account: Account }) => {
  const route = useRoute();
  const label = labelOf(route.screen);
  const here = label === undefined ? '' : `${label} · `;
  useDocumentTitle(`${here}${account.workspace.name} · Holdfast`);
  const opening = useOpening(account);
  if (opening.kind === 'opening') return <OpeningWorkspace />;
  if (opening.kind === 'failed')
    return (
      <Suspense fallback={<Opening />}>
        <RescueScreen account={account} cause={opening.cause} />
      </Suspense>
    );
  return (
    <WorkspaceContext value={opening.workspace}>
      <Shell account={account} route={route}>
        <Screen route={route} modules={account.modules} />
        <Settling route={route} />
      </Shell>
    </WorkspaceContext>
  );
};

export default WorkspaceScreen;
