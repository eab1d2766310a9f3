// One person's work that waits on this device while another one uses it, or nobody.

import { Text } from '@mantine/core';
import { plural } from '../queries/format.ts';
import type { Account } from '../session/account.ts';
import type { LeftBehind } from '../session/left-behind.ts';

interface LeftBehindNoteProps {
  readonly left: LeftBehind;
  /** Who uses it now. */
  readonly present?: Account;
}

export const LeftBehindNote = ({ left, present }: LeftBehindNoteProps) => {
  const { user, workspace } = left.account;
  const one = left.unsent === 1;
  const changes = plural(left.unsent, 'change', 'changes');
  const name = user.name || user.email;
  const waits = `${one ? 'waits' : 'wait'} on this device. ${one ? 'It is' : 'They are'} sent when`;
  return (
    <Text size="sm" dir="auto">
      {user.id === present?.user.id
        ? `${changes} in ${workspace.name} ${waits} you log in there.`
        : `${changes} of ${name} ${waits} ${name} logs in.`}
    </Text>
  );
};
