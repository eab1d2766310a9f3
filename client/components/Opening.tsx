// The page's shape while it opens: the top bar and a list, nothing that jumps.

import { Alert, Box, Container, Group, Skeleton } from '@mantine/core';
import { ListShape } from './ListShape.tsx';

/** In the place of one screen. */
export const OpeningScreen = () => (
  <Container size={1200} py="md">
    <Skeleton h={24} w={160} mb="md" />
    <ListShape words="Opening" />
  </Container>
);

/** In the place of everything. */
export const Opening = () => (
  <>
    <Group h={56} px="md" justify="space-between" wrap="nowrap">
      <Skeleton h={28} w={140} />
      <Skeleton h={28} w={100} />
    </Group>
    <Box component="main">
      <OpeningScreen />
    </Box>
  </>
);

/** While another tab keeps an older version of the data open. It goes on by itself. */
export const OpeningBlocked = () => (
  <Box component="main" mx="auto" maw={560} p="md">
    <Alert color="yellow" role="alert" title="Another tab has an older version open">
      Close or reload the other tabs of this site. This one goes on by itself then; nothing is lost.
    </Alert>
  </Box>
);
