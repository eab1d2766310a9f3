// Why the workspace was not made, and what to do.

import { Alert } from '@mantine/core';
import type { Problem } from './use-first-start.ts';

const titles = {
  expired: 'This address can’t be used any more',
  unreachable: 'Can’t reach the server',
  refused: 'The workspace was not created',
} as const satisfies Record<Problem['kind'], string>;

export const RESTART =
  'Stop the server where it was started, then start it again: it prints a new address.';

const words = (problem: Problem): string => {
  switch (problem.kind) {
    case 'expired':
      return `${RESTART} Open that one in this tab, and what you typed stays.`;
    case 'unreachable':
      return 'What you typed is still here. Check that the server runs, then try again.';
    case 'refused':
      return problem.reason;
  }
};

export const ProblemAlert = ({ problem }: { readonly problem: Problem }) => (
  <Alert color="red" role="alert" title={titles[problem.kind]}>
    {words(problem)}
  </Alert>
);
