// Email and password, on the log-in page and, with the person fixed, in the dialog.

import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useLogIn } from '../session/use-log-in.ts';

interface LogInFormProps {
  /** Only this person may log in: the device holds their work. */
  readonly fixedEmail?: string;
  readonly onDone?: () => void;
}

export const LogInForm = ({ fixedEmail, onDone }: LogInFormProps) => {
  const [email, setEmail] = useState(fixedEmail ?? '');
  const [password, setPassword] = useState('');
  const { busy, problem, submit } = useLogIn();
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await submit(email, password)) onDone?.();
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <Stack>
        <TextInput
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          readOnly={fixedEmail !== undefined}
          data-autofocus={fixedEmail === undefined || undefined}
          autoFocus={fixedEmail === undefined}
          size="md"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={fixedEmail !== undefined || undefined}
          size="md"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {problem !== undefined && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        <Button type="submit" size="md" loading={busy}>
          Log in
        </Button>
      </Stack>
    </form>
  );
};
