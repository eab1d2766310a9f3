// What the server did not accept of a screen's records: which, why, and the way to where it is tried
// again, edited or discarded. Many are only counted, so that the records keep their place.

import { Alert, Anchor, Text } from '@mantine/core';
import type { RefusedWrite } from '../../replication/index.ts';
import { plural } from '../queries/format.ts';
import { syncAddress } from '../router.ts';
import { follow } from './follow.ts';
import { Icon } from './Icon.tsx';
import { useNarrow } from './use-narrow.ts';

interface RefusedPanelProps {
  readonly refused: readonly RefusedWrite[];
  /** What to call the record of a refused write. */
  readonly titleField: string;
  /** How that field is written, where it is no title. */
  readonly write?: (value: unknown) => string;
}

const nameOf = (title: unknown, id: string): string =>
  typeof title === 'string' && title !== '' ? title : id;

export const RefusedPanel = ({ refused, titleField, write }: RefusedPanelProps) => {
  const few = useNarrow() ? 1 : 2;
  if (refused.length === 0) return null;
  const wayTo = (op?: string) => ({
    href: syncAddress('needs-you', op),
    onClick: follow,
    className: 'touch-link',
    inherit: true,
    underline: 'always' as const,
  });
  const words = `${plural(refused.length, 'change was', 'changes were')} not accepted`;
  const isMany = refused.length > few;
  return (
    <Alert
      color="red"
      variant="outline"
      role="region"
      p="xs"
      styles={{
        wrapper: { alignItems: isMany ? 'center' : undefined },
        body: { gap: 0, minWidth: 0 },
      }}
      icon={<Icon name="alert" />}
      title={
        isMany ? (
          <Anchor c="inherit" {...wayTo()}>
            {words}
          </Anchor>
        ) : (
          words
        )
      }
    >
      {!isMany &&
        refused.map(({ op, id, doc, message }) => {
          const name = write ? write(doc[titleField]) : nameOf(doc[titleField], id);
          return (
            <Text key={op} size="sm">
              <Text
                span
                inherit
                fw={600}
                truncate
                display="inline-block"
                maw="100%"
                dir="auto"
                style={{ verticalAlign: 'bottom' }}
              >
                {name}:
              </Text>{' '}
              {message}{' '}
              <Anchor aria-label={`Try again or discard: ${name}`} {...wayTo(op)}>
                Try again or discard
              </Anchor>
            </Text>
          );
        })}
    </Alert>
  );
};
