// Opens the account's local database, then shows the shell and the screen that the address names.

import { Alert, Button, Center, Container, EmptyState, Loader, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { ScreenBoundary } from '../components/ScreenBoundary.tsx';
import { Shell } from '../components/Shell.tsx';
import { useOpening, WorkspaceContext } from '../database/use-workspace.ts';
import { isModule, moduleFaces, type ModuleName } from '../modules.ts';
import { navigate, today, useRoute, type Route } from '../router.ts';
import type { Account } from '../session/account.ts';
import { loadLater, screens } from './screens.ts';

const Wait = () => (
  <Center h="60dvh">
    <Loader type="dots" aria-label="Opening" />
  </Center>
);

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
  if (screen === 'start') return <Wait />;
  if (!isModule(screen) || !modules.includes(screen))
    return (
      <EmptyState title="There is nothing at this address" mt="xl">
        <EmptyState.Actions>
          <Button onClick={() => navigate(`/${first}`)}>
            Go to the {moduleFaces[first].label}
          </Button>
        </EmptyState.Actions>
      </EmptyState>
    );
  const Shown = screens[screen];
  return (
    <ScreenBoundary key={screen}>
      <Suspense fallback={<Wait />}>
        <Shown open={route.open} search={route.query.get('q') ?? ''} query={route.query} />
      </Suspense>
    </ScreenBoundary>
  );
};

const WorkspaceScreen = ({ account }: { readonly account: Account }) => {
  const route = useRoute();
  const here = isModule(route.screen) ? `${moduleFaces[route.screen].label} · ` : '';
  useDocumentTitle(`${here}${account.workspace.name} · Holdfast`);
  const opening = useOpening(account);
  if (opening.kind === 'opening') return <Wait />;
  if (opening.kind === 'failed')
    return (
      <Container size="xs" py="xl">
        <Alert color="red" title="This browser could not open your data">
          <Text size="sm">
            What was saved is untouched. A full disk or a private window can be the reason.
          </Text>
          <Text size="sm" c="dimmed" my="sm">
            {opening.reason}
          </Text>
          <Button onClick={opening.retry}>Try again</Button>
        </Alert>
      </Container>
    );
  return (
    <WorkspaceContext value={opening.workspace}>
      <Shell account={account} route={route}>
        <Screen route={route} modules={account.modules} />
      </Shell>
    </WorkspaceContext>
  );
};

export default WorkspaceScreen;
