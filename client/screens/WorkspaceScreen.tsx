// Opens the account's local database, then shows the shell and the screen that the address names.

import { Alert, Button, Center, Container, EmptyState, Loader, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Shell } from '../components/Shell.tsx';
import { useOpening, WorkspaceContext } from '../database/use-workspace.ts';
import { navigate, useRoute } from '../router.ts';
import type { Account } from '../session/account.ts';
import { PinsScreen } from './PinsScreen.tsx';

const Screen = () => {
  const route = useRoute();
  switch (route.screen) {
    case 'pins':
      return <PinsScreen open={route.open} search={route.query.get('q') ?? ''} />;
    case 'unknown':
      return (
        <EmptyState title="There is nothing at this address" mt="xl">
          <EmptyState.Actions>
            <Button onClick={() => navigate('/pins')}>Go to the pins</Button>
          </EmptyState.Actions>
        </EmptyState>
      );
  }
};

const WorkspaceScreen = ({ account }: { readonly account: Account }) => {
  useDocumentTitle(`${account.workspace.name} · Holdfast`);
  const opening = useOpening(account);
  if (opening.kind === 'opening')
    return (
      <Center h="100dvh">
        <Loader type="dots" aria-label="Opening" />
      </Center>
    );
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
      <Shell account={account}>
        <Screen />
      </Shell>
    </WorkspaceContext>
  );
};

export default WorkspaceScreen;
