// What the server or the browser said, folded away, for those who help others.

import { Button, Code, Stack } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
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

/** Says for two seconds that it copied; a failure stays until a copy works. */
export const CopyText = ({ text, size = 'xs' }: CopyTextProps) => {
  const { copied, error, copy } = useClipboard({ timeout: 2_000 });
  const failed = error === null ? 'Copy' : 'Can’t copy here';
  return (
    <Button size={size} variant="default" onClick={() => copy(text)}>
      <span aria-live="polite">{copied ? 'Copied' : failed}</span>
    </Button>
  );
};
