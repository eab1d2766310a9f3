// The first page of a new server: three steps to a workspace.

import { Alert, Box, Button, Group, Image, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { FirstStartForm } from '../components/first-start/FirstStartForm.tsx';
import { RESTART } from '../components/first-start/ProblemAlert.tsx';
import { SampleLoading } from '../components/first-start/SampleLoading.tsx';
import { openWorkspace, useFirstStart } from '../components/first-start/use-first-start.ts';

interface NoticeProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

const Notice = ({ title, action, children }: NoticeProps) => (
  <Alert color="gray" role="note" title={title}>
    <Stack align="flex-start">
      <Text size="sm">{children}</Text>
      {action}
    </Stack>
  </Alert>
);

const Body = () => {
  const { state, hasCode, retry, submit } = useFirstStart();
  switch (state.kind) {
    case 'asking':
      return <Skeleton h={360} aria-label="Opening" role="status" />;
    case 'unreachable':
      return (
        <Notice title="Can’t reach the server" action={<Button onClick={retry}>Try again</Button>}>
          Nothing is lost. Check that it still runs where it was started, then try again.
        </Notice>
      );
    case 'closed':
      return (
        <Notice
          title="This server is set up already"
          action={<Button onClick={openWorkspace}>Log in</Button>}
        >
          If that was you, even a moment ago, log in with the email and password you chose. A new
          workspace offers sample data after you log in. If it was somebody else, ask them to add
          you.
        </Notice>
      );
    case 'form':
      return (
        <>
          {!hasCode && <Notice title="This address is not complete">{NOT_COMPLETE}</Notice>}
          {hasCode && (
            <FirstStartForm busy={state.busy} problem={state.problem} onSubmit={submit} />
          )}
        </>
      );
    case 'loading':
      return (
        <SampleLoading
          progress={state.progress}
          stopped={state.stopped}
          onRetry={retry}
          onSkip={openWorkspace}
        />
      );
  }
};

const NOT_COMPLETE = `Open the whole address that the server printed after “first start”, with everything behind the #. You no longer have it? ${RESTART}`;

const FirstStartScreen = () => (
  <Box component="main" mx="auto" maw={560} px="md" py={{ base: 'md', sm: 'xl' }}>
    <Stack gap="lg">
      <Group gap="sm" wrap="nowrap">
        <Image src="/icon.svg" alt="" w={40} h={40} />
        <div>
          <Title order={1} size="h2" lh={1.2}>
            Welcome to Holdfast
          </Title>
          <Text c="dimmed" size="sm">
            Three short steps, then your workspace opens.
          </Text>
        </div>
      </Group>
      <Body />
    </Stack>
  </Box>
);

export default FirstStartScreen;
