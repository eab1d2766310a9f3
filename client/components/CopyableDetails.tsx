// What the server or the browser said, folded away, for those who help others.

import { Button, Code, CopyButton, Stack } from '@mantine/core';
import { Fold } from './Fold.tsx';

interface CopyableDetailsProps {
  readonly text: string;
}

export const CopyableDetails = ({ text }: CopyableDetailsProps) => (
  <Fold label="Details">
    <Stack gap="xs" align="flex-start">
      <CopyableText text={text} />
    </Stack>
  </Fold>
);

/** Two things below each other, for a stack. */
export const CopyableText = ({ text }: CopyableDetailsProps) => (
  <>
    <Code block w="100%" className="wrapped" tabIndex={0}>
      {text}
    </Code>
    <CopyText text={text} />
  </>
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
