// What the server or the browser said, folded away, for those who help others.

import { Button, Code, CopyButton, Stack } from '@mantine/core';
import { Fold } from './Fold.tsx';

interface CopyableDetailsProps {
  readonly text: string;
  /** On the line that folds it out. */
  readonly label?: string;
}

export const CopyableDetails = ({ text, label = 'Details' }: CopyableDetailsProps) => (
  <Fold label={label}>
    <Stack gap="xs" align="flex-start">
      <Code block w="100%" className="wrapped" tabIndex={0}>
        {text}
      </Code>
      <CopyText text={text} />
    </Stack>
  </Fold>
);

interface CopyTextProps {
  readonly text: string;
  readonly size?: string;
}

/** Says that it has copied for a moment. */
export const CopyText = ({ text, size = 'xs' }: CopyTextProps) => (
  <CopyButton value={text} timeout={2_000}>
    {({ copied, copy }) => (
      <Button size={size} variant="default" onClick={copy}>
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </Button>
    )}
  </CopyButton>
);
