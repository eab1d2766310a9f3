// Why the last action here did not work; nothing where it did.

import { Alert } from '@mantine/core';

export const Failure = ({ words }: { readonly words: string | undefined }) =>
  words !== undefined && (
    <Alert color="red" title="That did not work" role="alert">
      {words}
    </Alert>
  );
